import { Text } from '../shell/Text.tsx';
import type { PlanHead } from './plan-head.ts';

interface Props {
  readonly head: PlanHead;
  readonly also: string | undefined;
  /** Plans between which no date decides. */
  readonly alike: string | undefined;
}

/** «Akuttplan v7 · gjelder nå» */
export function PlanHeader({ head, also, alike }: Props) {
  return (
    <div class="plan-head">
      <h2>
        <Text of={head.heading} />
      </h2>
      {head.title && (
        <p>
          <Text of={head.title} />
        </p>
      )}
      {head.evaluated && (
        <p class="muted">
          <Text of={head.evaluated} />
        </p>
      )}
      {head.warning && (
        <p class="warn" role="alert">
          {head.warning}
        </p>
      )}
      {alike && (
        <p class="warn" role="alert">
          <Text of={alike} />
        </p>
      )}
      {also && (
        <p class="warn">
          <Text of={also} />
        </p>
      )}
    </div>
  );
}
