import type { Change } from '../record/changes/change.ts';
import { caughtUp, listedAs } from '../record/changes/listed.ts';
import { DoseText } from '../shell/Text.tsx';
import { sayChanges } from '../shell/words/changes-words.ts';
import { listLines } from './changes-view.ts';
import type { List } from './shown.ts';

interface Props {
  readonly change: Change;
  readonly list: List;
}

/** The list and the change side by side, from every source that has the medicine. */
export function Listed({ change, list }: Props) {
  const rows = listedAs(change, list.rows);
  const how = caughtUp(change, rows);
  return (
    <details class="ds-details fold listed">
      <summary>
        {sayChanges(
          rows.length > 0 ? `list.${how}` : list.whole ? 'list.missing' : 'list.notFound',
        )}
      </summary>
      <p class="muted">{sayChanges('list.title')}</p>
      <ul>
        {listLines(rows).map((line, index) => (
          <li key={index}>
            <DoseText of={line} />
          </li>
        ))}
      </ul>
    </details>
  );
}
