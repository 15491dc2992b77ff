import type { Decided } from '../record/changes/answer.ts';
import {
  type Answered,
  type Change,
  changeText,
  isWaiting,
  type Sending,
} from '../record/changes/change.ts';
import { isInUse, rowsOf } from '../record/changes/listed.ts';
import { receiverOf } from '../record/changes/overdue.ts';
import type { Changes } from '../record/changes/read-changes.ts';
import type { Message } from '../record/changes/read-messages.ts';
import type { Medicine, Patient } from '../record/model.ts';
import type { Reading } from '../record/reading.ts';
import { isOver } from '../record/when.ts';
import { dateText, momentText } from '../shell/dates.ts';
import { idText } from '../shell/numbers.ts';
import { sayChanges, sayChangesCount } from '../shell/words/changes-words.ts';
import { t } from '../shell/words/words.ts';
import type { Begun } from './answer-draft.ts';

export const waitingOf = ({ changes }: Sending): readonly Change[] => changes.filter(isWaiting);

/** Whether the person signed in may answer this one now; else why not, in words. */
export function whyNot({ decider, takes, doctor }: Changes, kilde: string): string | undefined {
  if (!decider)
    return doctor ? sayChanges('who.waits', { lege: doctor.name }) : sayChanges('who.unnamed');
  return takes.answer === 'yes' ? undefined : sayChanges(`who.${takes.answer}`, { kilde });
}

/** May send it back: whoever it was sent to, also when they are no longer the patient's GP. */
export const mayReturn = ({ decider, takes, mine }: Changes, { changes }: Sending): boolean =>
  takes.answer === 'yes' &&
  (decider !== undefined ||
    changes.some(change => isWaiting(change) && mine.has(change.owner.ref ?? '')));

/** «24.11.2026 kl. 12.00»; a deadline without a time has none made up for it. */
export function dueText(due: string, now: Date): string {
  const at = new Date(due);
  return due.includes('T') && !Number.isNaN(at.getTime()) ? momentText(at, now) : dateText(due);
}

export const isOverdue = (sending: Sending, now: Date): boolean =>
  waitingOf(sending).length > 0 && isOver(sending.due, now);

/** «7 endringer venter på deg, frist 24.11.2026 kl. 12.00» */
export function lineText(sendings: readonly Sending[], now: Date): string {
  const n = sendings.flatMap(waitingOf).length;
  const [first] = sendings;
  const key = first && isOverdue(first, now) ? 'line.overdue' : 'line.due';
  const due = first?.due ? sayChanges(key, { frist: dueText(first.due, now) }) : undefined;
  return [sayChangesCount('line', n), due].filter(Boolean).join(', ');
}

/** «5 endringer er ikke besvart av Ingrid Fastlund, over fristen 19.11.2026 kl. 15.00» */
export function backText(changes: Changes, sendings: readonly Sending[], now: Date): string {
  const n = sendings.flatMap(waitingOf).length;
  const [first] = sendings;
  const lege = (first && receiverOf(changes, first).name) ?? sayChanges('section.unnamed');
  const due = first?.due
    ? sayChanges('line.overdue', { frist: dueText(first.due, now) })
    : undefined;
  return [sayChangesCount('line.back', n, { lege }), due].filter(Boolean).join(', ');
}

export const senderText = ({ sender }: Sending): string =>
  sender.name ?? sayChanges('sending.unknown');

/** «Fra Arne Gerisen, 14.11.2026» */
export const fromText = (sending: Sending): string =>
  sayChanges('section.from', {
    avsender: senderText(sending),
    dato: sending.sent ? dateText(sending.sent) : sayChanges('sending.undated'),
  });

export function statusText(sending: Sending, { doctor }: Changes): string {
  const n = waitingOf(sending).length;
  if (n === 0) return [sayChanges('section.answered'), ...countsOf(sending)].join(': ');
  const lege = doctor?.name ?? sayChanges('section.unnamed');
  return sayChangesCount('section.waits', n, { alle: sending.changes.length, lege });
}

/** «5 godtatt, 1 tilpasset, 1 avvist» */
function countsOf({ changes }: Sending): readonly string[] {
  const counts = (['accept', 'adjust', 'reject', 'return'] as const).flatMap(outcome => {
    const n = changes.filter(({ answer }) => answer?.outcome === outcome).length;
    return n > 0 ? [sayChanges(`count.${outcome}`, { n })] : [];
  });
  return counts.length > 0 ? [counts.join(', ')] : [];
}

export const nameOfChange = (change: Change): string =>
  change.flags.includes('unreadable') ? sayChanges('row.noText') : changeText(change);

/** How a change that nobody can decide any more stands. */
export function standingText({ standing, answer }: Change): string {
  if (standing === 'answered' && answer) return answerText(answer);
  if (standing === 'over') return sayChanges('answer.over');
  return sayChanges(standing === 'unclear' ? 'answer.unclear' : 'answer.waiting');
}

/** «Tilpasset til «500 mg × 2»»; where no code says what was decided, the source's own words. */
function answerText({ outcome, value, said }: Answered): string {
  if (!outcome) return said ?? sayChanges('answer.done');
  return sayChanges(`answer.${outcome}`, { verdi: value ?? '' });
}

/** «Ingrid Fastlund, kl. 20.31» */
export function answeredBy({ by, at }: Answered, now: Date): string | undefined {
  const tid = at && dueText(at, now);
  if (by && tid) return sayChanges('answer.by', { hvem: by, tid });
  return by ?? tid;
}

export const chosenText = ({ outcome, value }: Decided): string =>
  sayChanges(`chosen.${outcome}`, { verdi: value ?? '' });

/** «Meldt til Tuva Poliklin 21.11.2026, ikke kvittert som lest» */
export const toldText = ({ to, sent, read }: Message): string =>
  sayChanges('notice.told', {
    hvem: to ?? sayChanges('sending.unknown'),
    dato: sent ? dateText(sent) : sayChanges('sending.undated'),
    lest: readText(read),
  });

export const readText = (read: string | undefined): string =>
  read ? sayChanges('sent.readAt', { dato: dateText(read) }) : sayChanges('sent.unread');

/** What somebody had written and not saved, as far as it is words. */
export const begunText = ({ other, why }: Begun): string =>
  [other, why].filter(each => each.trim() !== '').join('. ');

/** One line for each source that has it: «Sandkassen: 40 mg kl. 8 og kl. 14 · PLL · i multidose». */
export function listLines(rows: readonly Medicine[]): readonly string[] {
  return rows.flatMap(rowsOf).map(row => {
    const { source, dose, onPll, multidose } = row;
    const how =
      row.group === 'stopped'
        ? sayChanges('list.stopped')
        : dose.join('; ') || sayChanges('list.noDose');
    const facts = [
      how,
      row.group === 'paused' && isInUse(row) ? sayChanges('list.paused') : undefined,
      sayChanges(onPll ? 'list.pll' : 'list.notPll'),
      multidose ? sayChanges('list.multidose') : undefined,
    ];
    return `${source.from}: ${facts.filter(Boolean).join(' · ')}`;
  });
}

/** For whom, as the banner names them. */
export function whomOf(reading: Reading<Patient>): { readonly name: string; readonly fnr: string } {
  const [patient] = reading.state === 'loading' ? [] : reading.items;
  const id = patient?.ids.find(({ kind }) => kind !== 'other') ?? patient?.ids[0];
  return {
    name: patient?.name ?? t('patient.noName'),
    fnr: id ? idText(id) : t('patient.id.unknown'),
  };
}
