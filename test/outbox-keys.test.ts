import { describe, expect, test } from 'vitest';
import { APP_STATE } from '../src/fhir/app-state.ts';
import { type Bench, bench, type Wanted } from './bench.ts';
import { machine, quiet, until } from './machine.ts';
import { evaluation } from './proposals.ts';

const CODE = `${APP_STATE.system}|${APP_STATE.code}`;
const SCOPE = `openid fhirUser launch offline_access patient/*.cruds user/Basic.cus?code=${CODE}`;

/** A session with an EHR that keeps app state for its users. */
const keeping = (wanted: Wanted = {}) =>
  bench({ user: 'u-psy', scope: SCOPE, signedIn: true, appState: true, ...wanted });
const saying = (it: Bench, said: string) => evaluation(it, { said });
const copies = (it: Bench, said: string) =>
  it.sandbox.store
    .all('QuestionnaireResponse')
    .filter(one => JSON.stringify(one).includes(`"valueString":"${said}"`)).length;

async function ask(it: Bench, method: string, path: string, body?: object, headers: object = {}) {
  const answer = await it.sandbox.fetch(
    new Request(`${it.sandbox.ehrOrigin}/appstate/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${await it.session.authorization?.token()}`,
        'content-type': 'application/fhir+json',
        ...headers,
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    }),
  );
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}
const subjectOf = ({ session }: Bench) => `${session.iss}/${session.user.fhirUser}`;
const question = (it: Bench) =>
  `Basic?code=${encodeURIComponent(CODE)}&subject=${encodeURIComponent(subjectOf(it))}`;
async function keysOn(it: Bench): Promise<readonly { made: string }[]> {
  const { body } = await ask(it, 'GET', question(it));
  const entries = body['entry'] as { resource: { extension: { valueString: string }[] } }[];
  return entries.flatMap(one => JSON.parse(one.resource.extension[0]!.valueString).keys);
}

const state = (it: Bench, more: object = {}) => ({
  resourceType: 'Basic',
  code: { coding: [{ system: APP_STATE.system, code: APP_STATE.code }] },
  subject: { reference: subjectOf(it) },
  extension: [{ url: 'https://example.org/x', valueString: 'anything' }],
  ...more,
});

describe('a key that the EHR keeps', () => {
  test('is not asked for where the login was granted no right to it: the key lies on this machine', async () => {
    const it = await keeping({ scope: SCOPE.replace('user/Basic.cus', 'user/Basic.s') });
    const tab = machine().open(it.session);
    tab.outbox.pause(true);
    expect(await tab.outbox.put(saying(it, 'without'))).toEqual({ ok: true });
    expect(tab.outbox.storage.value).toEqual({ state: 'open', key: 'device' });
    tab.die();
  });

  test('seals what is saved, so that the disk alone opens nothing, and the same person’s next login does', async () => {
    const it = await keeping();
    const at = machine();
    const tab = at.open(it.session);
    tab.outbox.pause(true);
    const act = saying(it, 'sealed');
    expect(await tab.outbox.put(act)).toEqual({ ok: true });
    expect(tab.outbox.storage.value).toEqual({ state: 'open', key: 'server' });
    expect(await at.rows('keys')).toEqual([]);
    tab.die();
    const next = at.open((await keeping({ beside: it })).session);
    await until(() => next.state(act.id) === 'acked');
    expect(copies(it, 'sealed')).toBe(1);
    expect(await keysOn(it)).toHaveLength(1);
  });

  test('two tabs that open at the same moment open what the other has sealed', async () => {
    const it = await keeping();
    const at = machine();
    const [one, other] = [at.open(it.session), at.open(it.session)];
    for (const tab of [one, other]) tab.outbox.pause(true);
    const acts = [saying(it, 'one'), saying(it, 'other')];
    await Promise.all([one.outbox.put(acts[0]!), other.outbox.put(acts[1]!)]);
    for (const { id } of acts) {
      await until(() => one.item(id)?.proposal?.id === id);
      await until(() => other.item(id)?.proposal?.id === id);
    }
  });

  test('is not given to anybody else, and what it sealed is only counted for them', async () => {
    const it = await keeping();
    const at = machine();
    const tab = at.open(it.session);
    tab.outbox.pause(true);
    await tab.outbox.put(saying(it, 'hers'));
    tab.die();
    const somebody = await keeping({ user: 'u-gp', beside: it });
    expect(await ask(somebody, 'GET', question(it))).toMatchObject({ status: 403 });
    const other = at.open(somebody.session);
    await until(() => other.outbox.elsewhere.value.others === 1);
    expect(other.outbox.items.value).toEqual([]);
    expect(copies(it, 'hers')).toBe(0);
  });

  test('that does not come is waited for: nothing is called unreadable, and nothing is lost', async () => {
    const it = await keeping();
    const at = machine();
    const tab = at.open(it.session);
    tab.outbox.pause(true);
    const act = saying(it, 'later');
    await tab.outbox.put(act);
    tab.die();
    await it.scenario({ match: '/appstate/', status: 503 });
    const next = at.open(it.session);
    await until(() => next.outbox.items.value.length === 1);
    expect(next.item(act.id)).toMatchObject({ state: 'queued', waiting: 'unreachable' });
    expect(next.outbox.lost.value).toBe(false);
    // Until it does, what is saved now is sealed by a key of this machine, and that is said.
    expect(next.outbox.storage.value).toEqual({ state: 'open', key: 'device' });
    await it.scenario();
    at.pass(60_000);
    await until(() => next.state(act.id) === 'acked');
    expect(next.outbox.storage.value).toEqual({ state: 'open', key: 'server' });
  });

  test('that was never given leaves a key of this machine, and everything works', async () => {
    const it = await keeping({ scope: 'openid fhirUser launch offline_access patient/*.cruds' });
    const at = machine();
    const tab = at.open(it.session);
    const act = saying(it, 'device');
    await tab.outbox.put(act);
    expect(tab.outbox.storage.value).toEqual({ state: 'open', key: 'device' });
    await until(() => tab.state(act.id) === 'acked');
  });

  test('is renewed after a month, and what the old one sealed still opens', async () => {
    const it = await keeping();
    const at = machine();
    const tab = at.open(it.session);
    tab.outbox.pause(true);
    const act = saying(it, 'old');
    await tab.outbox.put(act);
    await tab.leave();
    at.pass(31 * 24 * 3_600_000);
    const next = at.open(it.session);
    await until(() => next.state(act.id) === 'acked');
    expect(await keysOn(it)).toHaveLength(2);
    expect(next.item(act.id)?.overdue).toBe(false);
  });
});

describe('a key of this machine', () => {
  test('is renewed after a month, and destroyed when there is nothing left for it to open', async () => {
    const it = await keeping({ appState: false });
    const at = machine();
    const [first] = await keysAfter(at, it);
    at.pass(31 * 24 * 3_600_000);
    const both = await keysAfter(at, it);
    expect(both.length).toBe(2);
    // What arrived is forgotten after a month, and then its key goes too.
    at.pass(31 * 24 * 3_600_000);
    await keysAfter(at, it);
    const last = await keysAfter(at, it);
    expect(last).not.toContain(first);
  });
});

describe('the EHR’s app state', () => {
  test('keeps one text per user and code, and changes it only on the version it was read at', async () => {
    const it = await keeping();
    expect(await ask(it, 'POST', 'Basic', state(it))).toMatchObject({ status: 201 });
    expect(await ask(it, 'POST', 'Basic', state(it))).toMatchObject({ status: 422 });
    const found = await ask(it, 'GET', question(it));
    const [{ resource }] = found.body['entry'] as [{ resource: { id: string } }];
    const at = `Basic/${resource.id}`;
    expect(await ask(it, 'PUT', at, resource)).toMatchObject({ status: 428 });
    const match = { 'if-match': 'W/"1"' };
    expect(await ask(it, 'PUT', at, resource, match)).toMatchObject({ status: 200 });
    expect(await ask(it, 'PUT', at, resource, match)).toMatchObject({ status: 412 });
  });

  test('refuses what the specification does not allow, and whoever has no scope for it', async () => {
    const it = await keeping();
    const wrong = [
      state(it, { subject: { reference: 'Practitioner/u-psy' } }),
      state(it, { code: { coding: [] } }),
      state(it, { extension: [{ url: 'x', valueInteger: 1 }] }),
      state(it, { id: 'mine' }),
    ];
    for (const one of wrong) expect((await ask(it, 'POST', 'Basic', one)).status).toBe(400);
    const elses = state(it, { subject: { reference: `${it.session.iss}/Practitioner/u-gp` } });
    expect((await ask(it, 'POST', 'Basic', elses)).status).toBe(403);
    const without = await keeping({ beside: it, scope: 'openid fhirUser launch patient/*.cruds' });
    expect((await ask(without, 'GET', question(it))).status).toBe(403);
    expect((await ask(without, 'POST', 'Basic', state(it))).status).toBe(403);
    await quiet();
  });
});

async function keysAfter(at: ReturnType<typeof machine>, it: Bench) {
  const tab = at.open(it.session);
  const act = saying(it, 'x');
  await tab.outbox.put(act);
  await until(() => tab.state(act.id) === 'acked');
  await tab.leave();
  return (await at.rows('keys')).map(row => row['id']);
}
