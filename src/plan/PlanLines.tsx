import { signal } from '@preact/signals';
import type { Plan } from '../record/model.ts';
import { Skeleton } from '../shell/Skeleton.tsx';
import { t } from '../shell/words/words.ts';
import type { PlanContent } from './PlanContent.tsx';

const content = signal<typeof PlanContent | 'missing' | undefined>(undefined);

/** On its way from the first moment, while somebody logs in; whoever only wants to call waits for none of it. */
async function fetchContent() {
  try {
    content.value = (await import('./PlanContent.tsx')).PlanContent;
  } catch {
    content.value = 'missing';
  }
}
// In a turn of its own, as `main.tsx` begins.
queueMicrotask(() => void fetchContent());

interface Props {
  readonly plan: Plan;
  readonly whole: boolean;
  readonly hurried: boolean;
}

/** What the plan says, below whom to call. */
export function PlanLines({ hurried, ...props }: Props) {
  const Content = content.value;
  if (Content === 'missing') return <p role="alert">{t('err.unknown', { kode: 'plan' })}</p>;
  return Content && !hurried ? <Content {...props} /> : <Skeleton lines={7} says={[]} />;
}
