import { expect, test } from 'vitest';
import { write } from '../src/fhir/write.ts';
import { type Bench, bench } from './bench.ts';

const TASK = { resourceType: 'Task', status: 'requested', intent: 'proposal' };
const NOW = 'Sat, 21 Nov 2026 19:15:00 GMT';

const toTask = { method: 'POST', address: 'Task', body: TASK } as const;

/** One write, answered by hand. */
async function answered(response: () => Response) {
  const { session } = await bench();
  return write({ ...session, fetch: () => Promise.resolve(response()) }, toTask);
}

test('what was made comes back, with where it is', async () => {
  const resource = { ...TASK, id: 't1' };
  const headers = { location: 'http://localhost:8080/fhir/Task/t1/_history/1' };
  expect(await answered(() => Response.json(resource, { status: 201, headers }))).toEqual({
    kind: 'done',
    status: 201,
    resource,
    location: headers.location,
  });
});

test('an empty answer is an answer', async () => {
  const nothing = { resource: undefined, location: undefined };
  expect(await answered(() => new Response(null, { status: 204 }))).toEqual({
    kind: 'done',
    status: 204,
    ...nothing,
  });
});

test.each(['<html>Logg inn</html>', '{"resourceType":"Ta', '[]', '"ja"', '{"id":"t1"}'])(
  'W17 «200» with %s is no answer: nobody knows whether it was done',
  async body => {
    expect(await answered(() => new Response(body, { status: 200 }))).toEqual({
      kind: 'unanswered',
      why: 'not-understood',
      sent: true,
    });
  },
);

test.each([
  ['17', 17],
  ['0', 0],
  ['Sat, 21 Nov 2026 19:17:00 GMT', 120],
  ['Sat, 21 Nov 2026 19:00:00 GMT', 0],
  ['soon', undefined],
  ['-3', undefined],
])("W08 «Retry-After: %s» is %s seconds by the server's clock", async (said, seconds) => {
  const headers = { 'retry-after': said, date: NOW };
  const { session } = await bench({ now: '2026-11-21T20:15:00+01:00' });
  const fetch = () => Promise.resolve(new Response('', { status: 429, headers }));
  const clock = { now: () => new Date(NOW), heard: () => undefined };
  expect(await write({ ...session, clock, fetch }, toTask)).toEqual({
    kind: 'refused',
    status: 429,
    says: [],
    retryAfterSeconds: seconds,
  });
});

test('what the server says is kept sentence by sentence, and what is not a sentence is left out', async () => {
  const issue = [
    { diagnostics: 'Feltet mangler.' },
    { details: { text: 'Ikke tillatt.' }, diagnostics: 'E42' },
    { code: 'invalid' },
    null,
    { diagnostics: 7 },
  ];
  const outcome = { resourceType: 'OperationOutcome', issue };
  expect(await answered(() => Response.json(outcome, { status: 422 }))).toMatchObject({
    kind: 'refused',
    status: 422,
    says: ['Feltet mangler.', 'Ikke tillatt.'],
  });
});

test('conditions travel as headers, and only those that were asked for', async () => {
  const { session } = await bench();
  const seen: (string | null)[][] = [];
  const fetch = async ({ headers }: Request) => {
    seen.push(['if-match', 'if-none-match', 'if-none-exist'].map(name => headers.get(name)));
    return new Response(null, { status: 200 });
  };
  const to = { ...session, fetch };
  await write(to, { ...toTask, ifNoneExist: 'identifier=a|b' });
  await write(to, { ...toTask, ifMatch: 'W/"3"' });
  await write(to, { ...toTask, ifNoneMatch: '*' });
  expect(seen).toEqual([
    [null, null, 'identifier=a|b'],
    ['W/"3"', null, null],
    [null, '*', null],
  ]);
});

test('T08 nothing is sent to an address outside the server', async () => {
  const it: Bench = await bench();
  const address = 'https://evil.example/fhir/Task';
  expect(await write(it.session, { ...toTask, address })).toEqual({
    kind: 'unanswered',
    why: 'unreachable',
    sent: false,
  });
});

test('a session that ends as the answer comes has no answer', async () => {
  const { session } = await bench();
  const end = new AbortController();
  const fetch = async () => {
    end.abort();
    return Response.json({ ...TASK, id: 't1' }, { status: 201 });
  };
  expect(await write({ ...session, signal: end.signal, fetch }, toTask)).toEqual({
    kind: 'cancelled',
  });
});
