import { useRecord } from '../record/record.ts';
import { SafetyLine } from '../shell/SafetyLine.tsx';
import { safetyView } from './safety-view.ts';

export function Safety() {
  const { critical, session } = useRecord();
  return <SafetyLine view={safetyView(critical.value, session.label)} />;
}
