import type { Proposal } from '../../fhir/proposal.ts';
import type { Session } from '../../fhir/session.ts';
import { localTime } from '../local-time.ts';
import { type Act, NOTHING_WRITTEN, type Written } from './act.ts';
import type { Drafted, Occasion, Part } from './evaluating.ts';
import type { ResponseItem } from './form.ts';
import { answersThatCount, calculate } from './form-logic.ts';
import { inWords } from './in-words.ts';
import { firstAnswer } from './response.ts';
import { answersWritten } from './write-answers.ts';
import { changesWritten } from './write-changes.ts';
import { documentWritten } from './write-document.ts';
import { goalsWritten } from './write-goals.ts';
import { meetingWritten } from './write-meeting.ts';
import { messageWritten } from './write-message.ts';
import { originWritten } from './write-origin.ts';
import { planWritten } from './write-plan.ts';

export interface Sending {
  /** The text to the GP as it stands when the button is pressed. */
  readonly message: string;
  readonly tellDoctor: boolean;
}

/**
 * Everything one evaluation writes, fixed as it is now: root first, then what points at it, where it all comes from last
 * (docs/fhir.md, «What we write»). Pure but for the ids it draws; nothing is sent. Throws where nothing may be written:
 * what `lacking` and `occasion.takes` say is asked before.
 */
export function propose(
  occasion: Occasion,
  session: Session,
  items: readonly ResponseItem[],
  { message, tellDoctor }: Sending,
  now: Date,
): Drafted {
  const { takes } = occasion;
  const { sub } = session.user;
  if (takes.how === 'nothing' || sub === undefined)
    throw new Error('Nothing of an evaluation can be written in this session');
  const pressed = localTime(now);
  const said = tellDoctor && message.trim() !== '' ? message : undefined;
  const counting = answersThatCount(
    occasion.form,
    withMessage(calculate(occasion.form, items), occasion, said),
  );
  const isTaken = (part: Part) =>
    takes.how === 'whole' || (takes.how === 'less' && !takes.without.includes(part));
  const act: Act = {
    occasion,
    session,
    items: counting,
    pressed,
    day: dayIn(counting) ?? pressed.slice(0, 10),
    message: said,
    answers: crypto.randomUUID(),
    meeting: isTaken('meeting') ? crypto.randomUUID() : undefined,
    takes: isTaken,
  };
  const words = inWords(occasion, counting, act.day, said);
  const { writes, summary } =
    takes.how === 'document' ? documentWritten(act, words) : everything(act);
  const isOwn = typeof occasion.plan['id'] === 'string';
  const proposal: Proposal = {
    id: crypto.randomUUID(),
    what: 'evaluation',
    bound: {
      iss: session.iss,
      sub,
      patient: session.patient,
      plan: isOwn ? occasion.ref : undefined,
      planVersion: isOwn ? occasion.version : undefined,
    },
    pressed,
    writes,
    words,
  };
  return { proposal, summary };
}

function everything(act: Act): Written {
  const parts = [
    answersWritten(act),
    meetingWritten(act),
    goalsWritten(act),
    planWritten(act),
    changesWritten(act),
    messageWritten(act),
  ];
  const writes = parts.flatMap(part => part.writes);
  const all = [...parts, writes.length > 0 ? originWritten(act, writes) : NOTHING_WRITTEN];
  return {
    writes: all.flatMap(part => part.writes),
    summary: all.flatMap(part => part.summary),
  };
}

function dayIn(items: readonly ResponseItem[]): string | undefined {
  const day = firstAnswer(items, 'date')?.['valueDate'];
  return typeof day === 'string' ? day : undefined;
}

/** The answers say what the GP was told, in the words that were sent; nothing where nothing was. */
function withMessage(
  items: readonly ResponseItem[],
  { form }: Occasion,
  message: string | undefined,
): readonly ResponseItem[] {
  const page = form.items.find(({ items: asked }) => asked.some(({ linkId }) => linkId === 'gp'));
  if (!page) return items;
  const others = items.filter(({ linkId }) => linkId !== page.linkId);
  const found = items.find(({ linkId }) => linkId === page.linkId);
  const kept = (found?.item ?? []).filter(({ linkId }) => linkId !== 'gp');
  const told = message === undefined ? [] : [{ linkId: 'gp', answer: [{ valueString: message }] }];
  return [...others, { linkId: page.linkId, item: [...kept, ...told] }];
}
