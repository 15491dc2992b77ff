import { actionWords } from '../record/changes/action-words.ts';
import type { Action, Decided, Reply } from '../record/changes/answer.ts';
import { changeText, type Party, type Sending } from '../record/changes/change.ts';
import { type Discrepancy, isGuarded, listedAs, rowsOf } from '../record/changes/listed.ts';
import type { Contact } from '../record/model.ts';
import { sayChanges, sayChangesCount } from '../shell/words/changes-words.ts';
import type { Chosen } from './answer-draft.ts';
import type { Answering } from './answering.ts';
import { nameOfChange, waitingOf } from './changes-view.ts';
import type { List } from './shown.ts';

/** Nobody is asked to put it right yet, neither now nor before. */
export const isOpen = (
  { change, rule }: Discrepancy,
  chosen: readonly Chosen[],
  seenTo: ReadonlySet<string>,
): boolean =>
  !seenTo.has(change) && !chosen.some(each => each.change === change && each.rule === rule);

const substanceOf = ({ rows }: Discrepancy): string =>
  rows.flatMap(rowsOf).flatMap(({ substance }) => substance ?? [])[0] ?? '';

export const gapText = (gap: Discrepancy): string =>
  sayChanges(`gap.${gap.rule}`, { hva: substanceOf(gap), n: gap.rows.length });

const WORDS = { pharmacy: /apotek/i, 'home-care': /hjemmetjeneste|hjemmesykepleie/i } as const;

/** Whom the record names as the pharmacy or the home care, where it names exactly one; it is shown before it is used. */
export function partyFor(kind: Chosen['kind'], contacts: readonly Contact[]): Party {
  const found = contacts.filter(
    ({ ended, neverCall, name, organization, role }) =>
      !ended && !neverCall && WORDS[kind].test([name, organization, role].join(' ')),
  );
  const refs = new Set(found.map(({ source }) => source.ref));
  const [one] = found;
  return refs.size === 1 && one?.name
    ? { ref: /^[A-Z]\w+\/./.test(one.source.ref) ? one.source.ref : undefined, name: one.name }
    : { ref: undefined, name: undefined };
}

export const whomText = (kind: Chosen['kind'], { name }: Party): string =>
  name ?? sayChanges(`whom.${kind}`);

/** What others are asked to do, in words that follow from what was decided. */
export function actionsOf(
  gaps: readonly Discrepancy[],
  chosen: readonly Chosen[],
  sending: Sending,
  decisions: ReadonlyMap<string, Decided>,
  contacts: readonly Contact[],
): readonly Action[] {
  return chosen.flatMap(({ change, rule, kind }): readonly Action[] => {
    const gap = gaps.find(each => each.change === change && each.rule === rule);
    const about = sending.changes.find(({ source }) => source.ref === change);
    if (!gap || !about) return [];
    const party = partyFor(kind, contacts);
    const holds = holdsNow(decisions.get(change), about);
    return [
      {
        change,
        rule,
        whom: { kind, ...party },
        words: actionWords(kind, party.name, rule, substanceOf(gap), holds),
      },
    ];
  });
}

function holdsNow(decided: Decided | undefined, change: Sending['changes'][number]) {
  if (!decided) return undefined;
  if (decided.outcome === 'accept') return change.to ?? changeText(change);
  return decided.outcome === 'adjust' ? decided.value : change.from;
}

/** Why the rest cannot be accepted together; undefined where they can (S08). */
export function whyNotRest(
  sending: Sending,
  { decisions, begun, chosen, seen }: Answering,
  gaps: readonly Discrepancy[],
  seenTo: ReadonlySet<string>,
  list: List | undefined,
): string | undefined {
  if (!list?.whole) return sayChanges('rest.unread');
  const open = gaps.filter(gap => isOpen(gap, chosen.value, seenTo)).length;
  if (open > 0) return sayChangesCount('rest.gaps', open);
  const rest = undecided(sending, decisions.value).filter(
    ({ source }) => !begun.value.has(source.ref),
  );
  const guarded = rest.find(change => isGuarded(listedAs(change, list.rows)));
  if (guarded) return sayChanges('rest.guarded', { hva: nameOfChange(guarded) });
  return rest.every(({ source }) => seen.value.has(source.ref))
    ? undefined
    : sayChanges('rest.unseen');
}

/** Those that wait and are not decided on the version that is on screen. */
export const undecided = (
  sending: Sending,
  decisions: Reply['decisions'],
): ReturnType<typeof waitingOf> =>
  waitingOf(sending).filter(
    ({ source }) => decisions.get(source.ref)?.version !== (source.version ?? ''),
  );
