import { z } from 'zod/mini';
import { ask, failureOf, isRaw, type Raw } from './ask.ts';
import { type Answer, failed } from './failure.ts';
import { grants } from './scopes.ts';
import type { Session } from './session.ts';

/** One question to the server: a read (`Patient/p1`) or a search (`Flag?patient=p1`), relative to the base. */
export interface Question {
  readonly type: string;
  readonly address: string;
}

/** A batch that has not answered by now is asked again one by one, so that a single stuck type cannot hold the rest. */
const BATCH_PATIENCE_MS = 6_000;

/** Browsers open six connections to an HTTP/1.1 host; more would only queue behind the contacts. */
const SIDE_BY_SIDE = 6;

const BatchResponse = z.looseObject({
  resourceType: z.literal('Bundle'),
  type: z.literal('batch-response'),
  entry: z.array(
    z.looseObject({
      resource: z.optional(z.unknown()),
      response: z.looseObject({ status: z.string(), outcome: z.optional(z.unknown()) }),
    }),
  ),
});

/**
 * Asks several questions in as few round trips as the server allows: one batch where it declares `batch`
 * (R4, «batch/transaction»), else side by side. Answers come in the order of the questions, each with its own fate.
 *
 * What the server does not have, or the token does not cover, is answered here without a request.
 */
export const askTogether = (
  session: Session,
  questions: readonly Question[],
): Promise<readonly Answer<Raw>[]> => Promise.all(askEach(session, questions));

/** The same, each answer by itself: one type that is stuck keeps nobody waiting for the others (CATALOGUE P03). */
export function askEach(
  session: Session,
  questions: readonly Question[],
): readonly Promise<Answer<Raw>>[] {
  const answered = new Map<Question, (answer: Answer<Raw>) => void>();
  const answers = questions.map(
    question => new Promise<Answer<Raw>>(resolve => answered.set(question, resolve)),
  );
  void answerEach(session, questions, (question, answer) => answered.get(question)?.(answer));
  return answers;
}

async function answerEach(
  session: Session,
  questions: readonly Question[],
  give: (question: Question, answer: Answer<Raw>) => void,
): Promise<void> {
  const offer = await session.offer;
  const open = questions.filter(question => {
    const refused = !offer.has(question.type)
      ? 'not-supported'
      : grants(session.scopes, question.type, question.address.includes('?') ? 's' : 'r')
        ? undefined
        : 'not-permitted';
    if (refused) give(question, failed({ kind: refused }));
    return !refused;
  });
  const batched = offer.batch && open.length > 1 ? await askInBatch(session, open) : [];
  const alone: Question[] = [];
  for (const [index, question] of open.entries()) {
    const answer = batched[index];
    if (answer) give(question, answer);
    else alone.push(question);
  }
  await sideBySide(alone, async question => {
    give(question, await ask(session, question.address));
  });
}

/** Answers by position; undefined where the batch as a whole or this entry of it cannot be used. */
async function askInBatch(
  session: Session,
  questions: readonly Question[],
): Promise<readonly (Answer<Raw> | undefined)[]> {
  const answer = await ask(session, session.iss, {
    method: 'POST',
    timeoutMs: BATCH_PATIENCE_MS,
    body: JSON.stringify({
      resourceType: 'Bundle',
      type: 'batch',
      entry: questions.map(({ address }) => ({ request: { method: 'GET', url: address } })),
    }),
  });
  if (!answer.ok) {
    // Signed out, blocked or ended: asking ten times more would only say it ten times.
    const final = ['signed-out', 'blocked', 'cancelled'].includes(answer.failure.kind);
    return final ? questions.map(() => answer) : [];
  }
  const batch = BatchResponse.safeParse(answer.value);
  if (!batch.success) return [];
  return questions.map((_, index): Answer<Raw> | undefined => {
    const entry = batch.data.entry[index];
    if (!entry) return undefined;
    const status = Number.parseInt(entry.response.status, 10);
    if (status >= 200 && status < 300 && isRaw(entry.resource))
      return { ok: true, value: entry.resource, at: answer.at };
    const body = entry.response.outcome ?? entry.resource;
    return Number.isNaN(status) || status < 300
      ? undefined
      : failed(failureOf(status, isRaw(body) ? body : ''));
  });
}

async function sideBySide<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const worker = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(SIDE_BY_SIDE, items.length) }, worker));
}
