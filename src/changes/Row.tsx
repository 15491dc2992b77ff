import { type Change, isWaiting } from '../record/changes/change.ts';
import { ItemBox } from '../shell/ItemBox.tsx';
import { DoseText, Text } from '../shell/Text.tsx';
import { sayChanges } from '../shell/words/changes-words.ts';
import { nameOfChange } from './changes-view.ts';
import { Decide } from './Decide.tsx';
import { Gap } from './Gap.tsx';
import { Listed } from './Listed.tsx';
import { Stands } from './Stands.tsx';
import type { Shown } from './shown.ts';

interface Props extends Shown {
  readonly change: Change;
  readonly number: number;
  readonly canDecide: boolean;
}

/** One change: what, why, what the list says, where they do not fit, and the decision. */
export function Row(props: Props) {
  const { change, number, list, gaps, canDecide } = props;
  const { risk, because, source, flags } = change;
  const isMedicine = !change.kind || change.kind.toLowerCase() === 'legemiddel';
  const badge = sayChanges(`risk.${risk}`);
  return (
    <ItemBox item={change} class="change">
      <p class="medicine-name">
        <span>
          {number}{' '}
          <b>
            <DoseText of={nameOfChange(change)} />
          </b>
        </span>
        {badge && <span class="tag">{badge}</span>}
      </p>
      {because && (
        <p>
          <Text of={sayChanges('row.because', { grunn: because })} />
        </p>
      )}
      {list && isMedicine && <Listed change={change} list={list} />}
      {gaps
        .filter(gap => gap.change === source.ref)
        .map(gap => (
          <Gap key={gap.rule} {...props} gap={gap} />
        ))}
      {canDecide && isWaiting(change) ? (
        flags.length > 0 || source.version === undefined ? (
          <p class="flag">{sayChanges('row.unreadable')}</p>
        ) : (
          <Decide {...props} />
        )
      ) : (
        <Stands change={change} />
      )}
    </ItemBox>
  );
}
