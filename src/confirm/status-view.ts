import type { OutboxItem } from '../outbox/kept.ts';
import { dateText, momentText } from '../shell/dates.ts';
import { sayConfirm, sayCount } from '../shell/words/confirm-words.ts';

type Step = 'done' | 'now' | 'ahead' | 'not';

/** One act's three steps, and what there is to say about the one it stands at. */
export interface StatusView {
  readonly steps: readonly { readonly text: string; readonly is: Step }[];
  /** What it stands at, in one sentence: for whoever hears the screen. */
  readonly sentence: string;
  /** What to know beside it. */
  readonly facts: readonly string[];
  /** What must not be overlooked. */
  readonly warnings: readonly string[];
  /** The server's own sentences. */
  readonly says: readonly string[];
}

/** `journal`: what people call the system that is to receive it. `now`: the server's time. */
export function statusView(item: OutboxItem, journal: string, now: Date): StatusView {
  const { state, reason, kept } = item;
  const acked = state === 'acked';
  const onItsWay = state === 'sending' || state === 'ambiguous';
  const received = acked
    ? sayConfirm('send.received.by', { journal, tid: moment(item.acked, now) })
    : sayConfirm('send.received');
  const where = whereItStands(item);
  return {
    steps: [
      // Once it has arrived, nothing of it is here any more: that it was never kept no longer matters.
      ...(acked && !kept ? [] : [keptStep(item)]),
      {
        text: sayConfirm(acked ? 'send.sent' : 'send.sending'),
        is: acked ? 'done' : onItsWay ? 'now' : 'ahead',
      },
      { text: received, is: acked ? 'done' : 'ahead' },
    ],
    sentence: acked ? received : (where ?? sayConfirm(kept ? 'send.kept' : 'send.unkept')),
    facts: [
      ...(where && state !== 'sending' ? [where] : []),
      ...retry(item, now),
      ...(where && kept && reason?.why !== 'unreadable' && state !== 'sending'
        ? [sayConfirm('send.safe')]
        : []),
      ...delay(item, now),
    ],
    warnings: [
      ...(kept || acked ? [] : [sayConfirm('send.stay')]),
      ...(item.overdue && !acked ? [sayConfirm('send.overdue')] : []),
    ],
    says: reason
      ? [
          ...reason.says,
          ...(reason.status && reason.says.length === 0
            ? [sayConfirm('send.status', { status: reason.status })]
            : []),
        ]
      : [],
  };
}

function keptStep({ state, kept }: OutboxItem): StatusView['steps'][number] {
  if (state === 'draft') return { text: sayConfirm('send.draft'), is: 'now' };
  if (!kept) return { text: sayConfirm('send.unkept'), is: 'not' };
  return { text: sayConfirm('send.kept'), is: 'done' };
}

/** Undefined: it has only just been kept, and there is nothing to say but that. */
function whereItStands({ state, waiting, reason }: OutboxItem): string | undefined {
  if (state === 'sending') return sayConfirm('send.sending');
  if (state === 'conflict') return sayConfirm('send.conflict');
  if (state === 'needs-human') return sayConfirm(`human.${reason?.why ?? 'cannot-tell'}`);
  const why = waiting && sayConfirm(`send.${waiting}`);
  if (state === 'ambiguous') return [why, sayConfirm('send.unsure')].filter(Boolean).join(' ');
  return why;
}

function retry({ state, nextAt }: OutboxItem, now: Date): readonly string[] {
  if (nextAt === undefined || (state !== 'queued' && state !== 'ambiguous')) return [];
  const seconds = Math.ceil((Date.parse(nextAt) - now.getTime()) / 1000);
  return seconds > 0 ? [sayCount('send.retry', seconds)] : [];
}

const VISIBLE_DELAY_MS = 120_000;

/** Said when it took so long that whoever reads it in the journal must know (CATALOGUE W28). */
function delay({ since, acked }: OutboxItem, now: Date): readonly string[] {
  if (!acked || Date.parse(acked) - Date.parse(since) < VISIBLE_DELAY_MS) return [];
  return [sayConfirm('send.delay', { skrevet: moment(since, now), sendt: moment(acked, now) })];
}

/** «kl. 14.20», with its date on any other day than today. */
export function moment(instant: string | undefined, now: Date): string {
  const at = new Date(instant ?? '');
  return Number.isNaN(at.getTime()) ? dateText(instant ?? '') : momentText(at, now);
}
