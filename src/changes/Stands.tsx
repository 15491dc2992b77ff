import type { Change } from '../record/changes/change.ts';
import { useNow } from '../shell/now.ts';
import { Text } from '../shell/Text.tsx';
import { answeredBy, standingText } from './changes-view.ts';

/** How a change stands that nobody is to decide here: what was answered, why, by whom and when. */
export function Stands({ change }: { readonly change: Change }) {
  const now = useNow();
  const { answer } = change;
  const by = answer && answeredBy(answer, now);
  return (
    <div class="stands" data-standing={change.standing} data-outcome={answer?.outcome}>
      <p class="strong">
        <Text of={standingText(change)} />
      </p>
      {answer?.reason && (
        <p>
          <Text of={answer.reason} />
        </p>
      )}
      {by && (
        <p class="muted">
          <Text of={by} />
        </p>
      )}
    </div>
  );
}
