import type { Contact, Contacts, Plan } from '../model.ts';
import { type Change, placed } from './change.ts';
import type { Since } from './since.ts';

/** A confirmation is a date of its own; a contact written again on another day has changed. */
export function contactChanges(
  plans: readonly Plan[],
  teams: Contacts | undefined,
  ask: Since,
): readonly Change[] {
  const listed = [...plans.map(({ contacts }) => contacts), teams].flatMap(contacts =>
    contacts && contacts !== 'unread' ? contacts.people : [],
  );
  const people = new Map(listed.map(one => [`${one.source.from}|${one.source.ref}`, one]));
  const confirmed = new Map<string, Contact[]>();
  const changed: Change[] = [];
  for (const item of people.values()) {
    const { source, confirmed: date } = item;
    // The confirmation stands in the team, and the team's date is not the contact's: only its own day counts.
    if (date && ask.isAfter(date)) {
      const key = `${source.from}|${date.slice(0, 10)}`;
      confirmed.set(key, [...(confirmed.get(key) ?? []), item]);
    }
    const written = ask.dateOf(source, [], undefined);
    if (!written || written.at.slice(0, 10) === date?.slice(0, 10)) continue;
    const went = item.ended ? 'over' : 'changed';
    const place = placed({ item, ...written });
    changed.push({ ...place, kind: 'contact', how: went, by: undefined, item });
  }
  const together = [...confirmed.values()].flatMap((items): readonly Change[] => {
    const [first] = items;
    if (!first?.confirmed) return [];
    const found = { item: first, at: first.confirmed, isOwnDate: true };
    return [{ ...placed(found), kind: 'confirmation', by: undefined, items }];
  });
  return [...changed, ...together];
}
