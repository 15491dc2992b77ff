import { signal } from '@preact/signals';
import { useRecord } from '../record/record.ts';
import { SafetyLine } from '../shell/SafetyLine.tsx';
import { t } from '../shell/words/words.ts';
import type { safetyView } from './safety-view.ts';

const view = signal<typeof safetyView | 'missing' | undefined>(undefined);

/** On its way from the first moment, while somebody logs in; whoever only wants to call waits for none of it. */
async function fetchView() {
  try {
    view.value = (await import('./safety-view.ts')).safetyView;
  } catch {
    view.value = 'missing';
  }
}
// In a turn of its own, as `main.tsx` begins.
queueMicrotask(() => void fetchView());

/** Until it can be told what is critical, the line says just that (SAFETY HZ04). */
export function Safety() {
  const { critical, session } = useRecord();
  const source = session.label;
  if (typeof view.value === 'function')
    return <SafetyLine view={view.value(critical.value, source)} />;
  return view.value === 'missing' ? (
    <SafetyLine
      view={{ look: 'failed', icon: '✕', parts: [t('allergy.unavailable', { source })] }}
    />
  ) : (
    <SafetyLine view={{ look: 'loading', icon: '…', parts: [t('allergy.loading', { source })] }} />
  );
}
