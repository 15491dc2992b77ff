import type { Change } from '../record/changes/change.ts';
import type { Discrepancy } from '../record/changes/listed.ts';
import { useRecord } from '../record/record.ts';
import { Text } from '../shell/Text.tsx';
import { sayChanges } from '../shell/words/changes-words.ts';
import { type Chosen, isSame } from './answer-draft.ts';
import { gapText, isOpen, partyFor, whomText } from './gaps.ts';
import type { Shown } from './shown.ts';

interface Props extends Shown {
  readonly change: Change;
  readonly gap: Discrepancy;
  readonly canDecide: boolean;
}

/** Where change and list do not fit, by which rule, and whom to ask about it. */
export function Gap({ gap, answering, changes, canDecide }: Props) {
  const record = useRecord();
  const contacts = useContacts();
  const { chosen } = answering;
  const seenTo = changes.seenTo.has(gap.change);
  const open = isOpen(gap, chosen.value, changes.seenTo);
  const canAsk = canDecide && changes.takes.tasks && !seenTo;
  return (
    <div class="gap" data-gap={gap.rule} data-open={open}>
      <p class={open ? 'warn' : 'muted'}>
        <Text of={gapText(gap)} />
      </p>
      {seenTo && <p class="muted">{sayChanges('gap.seenTo')}</p>}
      {canAsk && <p class="muted">{sayChanges(open ? 'gap.open' : 'gap.closed')}</p>}
      {canDecide && !changes.takes.tasks && (
        <p class="muted">{sayChanges('gap.noTasks', { kilde: record.session.label })}</p>
      )}
      {canAsk &&
        (['pharmacy', 'home-care'] as const).map(kind => {
          const one: Chosen = { change: gap.change, rule: gap.rule, kind };
          const hvem = whomText(kind, partyFor(kind, contacts));
          return (
            <label key={kind} class="option">
              <input
                type="checkbox"
                checked={chosen.value.some(each => isSame(each, one))}
                onChange={event => answering.choose(one, event.currentTarget.checked)}
              />
              <Text of={sayChanges(`do.${kind}`, { hvem })} />
              <span class="ds-sr-only">
                <Text of={gapText(gap)} />
              </span>
            </label>
          );
        })}
    </div>
  );
}

/** Everybody the record names around the patient. */
export function useContacts() {
  const { teams, plans } = useRecord();
  const reading = plans.value;
  const inPlans = reading.state === 'loading' ? [] : reading.items;
  return [
    ...(teams.value?.people ?? []),
    ...inPlans.flatMap(({ contacts }) => (contacts === 'unread' ? [] : contacts.people)),
  ];
}
