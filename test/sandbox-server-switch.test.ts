import { describe, expect, test } from 'vitest';
import { readOffer } from '../src/fhir/capability.ts';
import { createSandbox } from '../src/sandbox/sandbox.ts';
import type { Bench } from './bench.ts';
import { writingBench } from './proposals.ts';

const COMMUNICATION = {
  resourceType: 'Communication',
  status: 'in-progress',
  subject: { reference: 'Patient/p1' },
  identifier: [{ system: 'urn:ietf:rfc:3986', value: 'urn:uuid:a' }],
};
const CONDITION = { 'if-none-exist': 'identifier=urn:ietf:rfc:3986|urn:uuid:a' };

async function send(
  { session }: Bench,
  method: string,
  path: string,
  body: object,
  headers: Record<string, string> = {},
) {
  const response = await session.fetch(
    new Request(`${session.iss}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${await session.authorization?.token()}`,
        'content-type': 'application/fhir+json',
        ...headers,
      },
      body: JSON.stringify(body),
    }),
  );
  const answer: unknown = await response.json();
  return { status: response.status, answer: answer as Answer };
}

interface Answer {
  readonly id: string;
  readonly type: string;
  readonly entry: readonly { readonly response: { readonly status: string } }[];
}

const transaction = (...entry: readonly object[]) => ({
  resourceType: 'Bundle',
  type: 'transaction',
  entry,
});
const entry = (method: string, url: string, resource: object, more = {}) => ({
  resource,
  request: { method, url, ...more },
});
const messages = ({ sandbox }: Bench) =>
  sandbox.store
    .all('Communication')
    .filter(({ identifier }) => JSON.stringify(identifier)?.includes('urn:uuid:a'));

describe('A server that does less', () => {
  test('as it starts, does everything and says so', async () => {
    const { session } = await writingBench();
    const offer = await session.offer;
    expect(offer.transaction).toBe(true);
    expect(offer.updateCreate('Task')).toBe(true);
    expect(offer.conditionalCreate('Task')).toBe(true);
    expect(offer.takes('Task', 'create')).toBe(true);
    expect(offer.takes('Task', 'update')).toBe(true);
    expect(offer.takes('Claim', 'create')).toBe(false);
  });

  test('without transactions, refuses them and takes batches', async () => {
    const it = await writingBench({ server: { transactions: false } });
    expect(await it.session.offer).toMatchObject({ transaction: false, batch: true });
    const body = transaction(entry('POST', 'Communication', COMMUNICATION));
    expect((await send(it, 'POST', '', body)).status).toBe(501);
    expect((await send(it, 'POST', '', { ...body, type: 'batch' })).status).toBe(200);
    expect(messages(it)).toHaveLength(1);
  });

  test('that runs a transaction as a batch, answers 200 with the refusal inside, and keeps the rest', async () => {
    const it = await writingBench({ server: { transactions: 'as-batch' } });
    expect(await it.session.offer).toMatchObject({ transaction: true });
    const body = transaction(
      entry('POST', 'Communication', COMMUNICATION),
      entry('POST', 'Communication', { ...COMMUNICATION, status: 'nonsense' }),
    );
    const { status, answer } = await send(it, 'POST', '', body);
    expect(status).toBe(200);
    expect(answer.type).toBe('transaction-response');
    expect(answer.entry.map(({ response }) => Number.parseInt(response.status, 10))).toEqual([
      201, 422,
    ]);
    expect(messages(it)).toHaveLength(1);
  });

  test('that chooses ids itself, refuses ours and changes what is there', async () => {
    const it = await writingBench({ server: { updateCreate: false } });
    const offer = await it.session.offer;
    expect(offer.updateCreate('Communication')).toBe(false);
    const put = await send(it, 'PUT', '/Communication/a', { ...COMMUNICATION, id: 'a' });
    expect(put.status).toBe(405);
    const { answer } = await send(it, 'POST', '/Communication', COMMUNICATION);
    const path = `/Communication/${answer.id}`;
    const changed = { ...COMMUNICATION, id: answer.id, status: 'completed' };
    expect((await send(it, 'PUT', path, changed)).status).toBe(200);
  });

  test('that passes over conditions, makes a second copy', async () => {
    const it = await writingBench({ server: { conditionalCreate: false } });
    const offer = await it.session.offer;
    expect(offer.conditionalCreate('Communication')).toBe(false);
    for (let turn = 1; turn <= 2; turn += 1)
      await send(it, 'POST', '/Communication', COMMUNICATION, CONDITION);
    expect(messages(it)).toHaveLength(2);
    const body = transaction(
      entry('POST', 'Communication', COMMUNICATION, { ifNoneExist: CONDITION['if-none-exist'] }),
    );
    expect((await send(it, 'POST', '', body)).status).toBe(200);
    expect(messages(it)).toHaveLength(3);
  });

  test('that takes only some types, refuses the others and says which', async () => {
    const it = await writingBench({ server: { takes: ['Task'] } });
    const offer = await it.session.offer;
    expect(offer.takes('Task', 'create')).toBe(true);
    expect(offer.takes('Communication', 'create')).toBe(false);
    expect(offer.takes('Communication', 'update')).toBe(false);
    expect(offer.has('Communication')).toBe(true);
    expect((await send(it, 'POST', '/Communication', COMMUNICATION)).status).toBe(405);
    expect(messages(it)).toEqual([]);
  });

  test.each([
    [0, 1],
    [20, 2],
  ])(
    'with %i ms between looking and making, two at once on the same condition make %i',
    async (raceMs, copies) => {
      const it = await writingBench({ server: { raceMs } });
      const make = () => send(it, 'POST', '/Communication', COMMUNICATION, CONDITION);
      await Promise.all([make(), make()]);
      expect(messages(it)).toHaveLength(copies);
      // Once it is there, looking early finds it.
      expect((await make()).status).toBe(copies === 1 ? 200 : 412);
    },
  );

  test('the same gap before our own id: the second overwrites the first, and there is one', async () => {
    const it = await writingBench({ server: { raceMs: 20 } });
    const body = { ...COMMUNICATION, id: 'a' };
    const make = () => send(it, 'PUT', '/Communication/a', body, { 'if-none-match': '*' });
    const statuses = (await Promise.all([make(), make()])).map(({ status }) => status);
    expect(statuses.toSorted((a, b) => a - b)).toEqual([200, 201]);
    expect((await make()).status).toBe(412);
    expect(messages(it)).toHaveLength(1);
  });

  test('that wants to know the version, refuses a change that names none', async () => {
    const it = await writingBench({ server: { rejectBlindPut: true } });
    const goal = it.sandbox.store.at('Goal/p1-goal-g1') ?? {};
    const path = '/Goal/p1-goal-g1';
    expect((await send(it, 'PUT', path, goal)).status).toBe(428);
    expect((await send(it, 'PUT', path, goal, { 'if-match': 'W/"1"' })).status).toBe(200);
  });
});

describe('/ehr/server', () => {
  const sandbox = createSandbox({ port: 8080, appPort: 8081, appDir: '/nowhere' });
  const call = (method: string, body?: string) =>
    sandbox.fetch(
      new Request(`${sandbox.ehrOrigin}/ehr/server`, {
        method,
        ...(body === undefined ? {} : { body }),
      }),
    );
  const offer = () => readOffer(sandbox.fhirBase, request => sandbox.fetch(request), {});

  test('answers how it is set, is set whole each time, and DELETE sets it back', async () => {
    await call('POST', '{"transactions":false}');
    expect(await (await call('POST', '{"updateCreate":false}')).json()).toMatchObject({
      transactions: true,
      updateCreate: false,
    });
    expect(await (await call('GET')).json()).toMatchObject({ updateCreate: false, raceMs: 0 });
    expect((await offer()).updateCreate('Task')).toBe(false);
    expect((await call('DELETE')).status).toBe(204);
    expect((await offer()).updateCreate('Task')).toBe(true);
  });

  test.each([
    ['nonsense', 'not valid JSON'],
    ['[]', 'must be an object'],
    ['{"transaction":false}', 'transaction is not a field'],
    ['{"transactions":"no"}', 'true, false or "as-batch"'],
    ['{"takes":["Claim"]}', 'a list of resource types'],
    ['{"raceMs":-1}', 'a whole number'],
  ])('says what it does not understand in %s, and changes nothing', async (body, says) => {
    const answer = await call('POST', body);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain(says.replaceAll('"', '\\"'));
    expect((await offer()).transaction).toBe(true);
  });

  test('is not for a server that is not ours', async () => {
    const front = createSandbox({
      port: 8080,
      appPort: 8081,
      appDir: '/nowhere',
      upstreamFhir: 'http://127.0.0.1:9/fhir',
    });
    const url = `${front.ehrOrigin}/ehr/server`;
    expect((await front.fetch(new Request(url, { method: 'POST', body: '{}' }))).status).toBe(400);
  });
});
