import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { follow } from '../src/follow/follow.ts';
import { hubIn } from '../src/follow/hub.ts';
import { isSame } from '../src/follow/somebody.ts';
import type { PatientId } from '../src/record/model.ts';
import { about, HUB, type HubSocket, type Script, scriptedHub } from './scripted-hub.ts';

// Amina (p6) is the patient of these tests' session.
const AMINA: PatientId = { kind: 'fnr', value: '59879848088' };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** Follows a hub that does as it is told; `socket()` is the connection of the moment. */
async function following(script: Script = {}, ids: readonly PatientId[] = []) {
  const hub = scriptedHub(script);
  const said: string[] = [];
  const followed = follow(
    HUB,
    {
      session: hub.session,
      ids: () => ids,
      loggedOut: () => said.push('logged out'),
      hibernated: () => said.push('hibernated'),
    },
    hub.world,
  );
  await vi.advanceTimersByTimeAsync(0);
  const socket = (): HubSocket => hub.sockets.at(-1)!;
  return { ...hub, ...followed, said, socket };
}

/** As above, and the hub has confirmed. */
async function confirmed(script: Script = {}, ids: readonly PatientId[] = []) {
  const it = await following(script, ids);
  it.socket().confirm();
  await vi.advanceTimersByTimeAsync(0);
  return it;
}

describe('Subscribing', () => {
  test('asks by form, with the token, for this chart’s events, and follows once the hub has confirmed', async () => {
    const { subscriptions, socket, state } = await following();
    const [asked] = subscriptions();
    expect(asked).toMatchObject({ url: HUB.url, authorization: 'Bearer the-token' });
    expect(Object.fromEntries(asked!.form)).toMatchObject({
      'hub.channel.type': 'websocket',
      'hub.mode': 'subscribe',
      'hub.topic': 'chart-1',
      'hub.events': 'patient-open,patient-close,userlogout',
      'hub.lease_seconds': '3600',
    });
    expect(socket().url).toBe('wss://journal.example/sockets/0');
    expect(state.value).toBe('connecting');
    socket().confirm();
    await vi.advanceTimersByTimeAsync(0);
    expect(state.value).toBe('following');
  });

  test('asks a hub that describes itself only for events it has, as it spells them', async () => {
    const { subscriptions } = await following({
      events: ['Patient-open', 'Patient-close', 'UserLogout', 'Heartbeat', 'ImagingStudy-open'],
    });
    expect(subscriptions()[0]?.form.get('hub.events')).toBe(
      'Patient-open,Patient-close,UserLogout,Heartbeat',
    );
  });

  test.each([
    ['on another host', 'wss://elsewhere.example/sockets/0'],
    ['on another port', 'wss://journal.example:8443/sockets/0'],
    ['not encrypted', 'ws://journal.example/sockets/0'],
    ['no WebSocket', 'https://journal.example/sockets/0'],
    ['no address', 'sockets/0'],
  ])('an endpoint %s is not connected to', async (_, endpoint) => {
    const { sockets, state } = await following({ endpoint });
    expect(sockets).toEqual([]);
    expect(state.value).toBe('lost');
  });

  test('before the lease ends it is renewed at the same endpoint', async () => {
    const { subscriptions, socket } = await following();
    socket().confirm(100);
    await vi.advanceTimersByTimeAsync(79_000);
    expect(subscriptions()).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(2000);
    expect(subscriptions()[1]?.form.get('hub.channel.endpoint')).toBe(socket().url);
  });

  test('whoever stops following says so to the hub', async () => {
    const { stop, socket, subscriptions } = await confirmed();
    stop();
    await vi.advanceTimersByTimeAsync(0);
    expect(socket().closedWith).toBe(1000);
    expect(subscriptions().at(-1)?.form.get('hub.mode')).toBe('unsubscribe');
    await vi.advanceTimersByTimeAsync(120_000);
    expect(subscriptions()).toHaveLength(2);
  });
});

describe('A hub the token may not travel to', () => {
  const trusted = ['https://journal.example'];
  test.each([
    ['another host', { url: 'https://elsewhere.example/hub', topic: 't' }],
    ['not encrypted', { url: 'http://journal.example/hub', topic: 't' }],
    ['with a user in its address', { url: 'https://a:b@journal.example/hub', topic: 't' }],
    ['no address', { url: '/hub', topic: 't' }],
    ['no text', { url: 7, topic: 't' }],
    ['without a topic', { url: 'https://journal.example/hub', topic: undefined }],
  ])('%s: is left alone', (_, told) => {
    expect(hubIn(told, trusted)).toBeUndefined();
  });
  test('the journal’s own is not', () => {
    expect(hubIn(HUB, trusted)).toEqual(HUB);
  });
});

describe('The journal turns to', () => {
  test('another patient: we know it at once, and answer the hub', async () => {
    const { socket, shown } = await confirmed();
    const id = socket().event('patient-open', about('p2', 'Olav Prøvenes'));
    expect(shown.value).toEqual({ kind: 'another', name: 'Olav Prøvenes' });
    expect(socket().answers).toEqual([{ id, timestamp: expect.any(String), status: 200 }]);
  });

  test('our own patient again', async () => {
    const { socket, shown } = await confirmed();
    socket().event('Patient-open', about('p2'));
    socket().event('Patient-open', about('p6'));
    expect(shown.value).toEqual({ kind: 'ours' });
  });

  test('nobody, when our chart is closed', async () => {
    const { socket, shown } = await confirmed();
    socket().event('patient-close', about('p6'));
    expect(shown.value).toEqual({ kind: 'nobody' });
  });

  test('nobody, when a chart is closed and it is not said whose', async () => {
    const { socket, shown } = await confirmed();
    socket().event('patient-close');
    expect(shown.value).toEqual({ kind: 'nobody' });
  });

  test('no other, when somebody else’s chart is closed', async () => {
    const { socket, shown } = await confirmed();
    socket().event('patient-close', about('p2'));
    expect(shown.value).toEqual({ kind: 'ours' });
    socket().event('patient-open', about('p2', 'Olav'));
    socket().event('patient-close', about('p6'));
    expect(shown.value).toMatchObject({ kind: 'another' });
    socket().event('patient-close', about('p2'));
    expect(shown.value).toEqual({ kind: 'nobody' });
  });

  test('no other, when somebody else’s chart is closed and only a number says whose', async () => {
    const { socket, shown } = await confirmed({}, [AMINA]);
    socket().event('patient-close', about(undefined, 'Olav', '12850798271'));
    expect(shown.value).toEqual({ kind: 'ours' });
    socket().event('patient-close', about(undefined, 'Amina', AMINA.value));
    expect(shown.value).toEqual({ kind: 'nobody' });
  });

  test.each([
    ['nothing at all', []],
    ['no patient', [{ key: 'encounter', resource: { resourceType: 'Encounter', id: 'p6' } }]],
    [
      'a patient that cannot be read',
      [{ key: 'patient', resource: { resourceType: 'Patient', id: 6 } }],
    ],
    ['only text', ['p6']],
  ])('an event that names %s is about somebody else', async (_, context) => {
    const { socket, shown } = await confirmed();
    socket().event('patient-open', context);
    expect(shown.value).toEqual({ kind: 'another', name: undefined });
  });

  test('an event older than the one we go by changes nothing, and is answered', async () => {
    const { socket, shown } = await confirmed();
    socket().event('patient-open', about('p6'), { timestamp: '2026-11-21T20:16:00Z' });
    socket().event('patient-open', about('p2'), { timestamp: '2026-11-21T20:15:00Z' });
    expect(shown.value).toEqual({ kind: 'ours' });
    expect(socket().answers.map(({ status }) => status)).toEqual([200, 200]);
  });

  test('an event whose time cannot be read counts as new', async () => {
    const { socket, shown } = await confirmed();
    socket().event('patient-open', about('p2'), { timestamp: 'just now' });
    expect(shown.value).toMatchObject({ kind: 'another' });
  });

  test('an event of another chart is refused', async () => {
    const { socket, shown } = await confirmed();
    const event = { 'hub.topic': 'chart-2', 'hub.event': 'patient-open', context: about('p2') };
    socket().say({ timestamp: new Date().toISOString(), id: 'x', event });
    expect(shown.value).toEqual({ kind: 'ours' });
    expect(socket().answers[0]?.status).toBe(404);
  });

  test('the user’s leaving, and the user’s pause, are passed on', async () => {
    const { socket, said } = await confirmed();
    socket().event('userLogout');
    socket().event('userHibernate');
    expect(said).toEqual(['logged out', 'hibernated']);
  });
});

const them = (id: string | undefined, ...ids: PatientId[]) => ({ id, ids, name: undefined });

describe('Whose chart it is', () => {
  const ours = { id: 'p6', ids: [AMINA] };
  test.each([
    ['the same id and no numbers', them('p6'), true],
    ['another id and no numbers', them('p2'), false],
    ['an id that differs only in case', them('P6'), false],
    ['an id that goes on', them('p61'), false],
    ['neither id nor number', them(undefined), false],
    ['the same number under an id of the hub’s own', them('hub-17', AMINA), true],
    ['another number under our id', them('p6', { kind: 'fnr', value: '12850798271' }), false],
    ['a number of another kind under our id', them('p6', { kind: 'dnr', value: '1' }), true],
    [
      'a local number we also have, under another id',
      them('p2', { kind: 'other', value: '7' }),
      false,
    ],
  ])('%s', (_, somebody, same) => {
    const ids = [...ours.ids, { kind: 'other', value: '7' } as const];
    expect(isSame(somebody, { ...ours, ids })).toBe(same);
  });
});

describe('Losing the hub', () => {
  test('is said, and after it only what the hub says of the present counts', async () => {
    const it = await confirmed();
    it.socket().drop();
    await vi.advanceTimersByTimeAsync(0);
    expect(it.state.value).toBe('lost');
    await vi.advanceTimersByTimeAsync(1000);
    expect(it.sockets).toHaveLength(2);
    it.socket().confirm();
    await vi.advanceTimersByTimeAsync(0);
    // This hub cannot say who is open, and anybody may have been opened meanwhile.
    expect(it.state.value).toBe('lost');
    it.socket().event('patient-open', about('p6'));
    expect(it.state.value).toBe('following');
  });

  test('what a hub says while it is already going is heard, and nothing is sent where nobody listens', async () => {
    const it = await confirmed();
    it.socket().readyState = it.socket().CLOSING;
    it.socket().event('patient-open', about('p2', 'Olav'));
    expect(it.shown.value).toEqual({ kind: 'another', name: 'Olav' });
    expect(it.socket().answers).toEqual([]);
  });

  test('a hub that can say who is open is asked, each time it has confirmed', async () => {
    const it = await confirmed({ events: ['patient-open', 'patient-close'], current: about('p6') });
    expect(it.state.value).toBe('following');
    it.script.current = about('p2', 'Olav');
    it.socket().drop();
    await vi.advanceTimersByTimeAsync(1000);
    it.socket().confirm();
    await vi.advanceTimersByTimeAsync(0);
    expect(it.state.value).toBe('following');
    expect(it.shown.value).toEqual({ kind: 'another', name: 'Olav' });
  });

  test('what happened while it was being asked is newer than its answer', async () => {
    const it = await following({ events: ['patient-open'], current: about('p6') });
    it.socket().confirm();
    it.socket().event('patient-open', about('p2', 'Olav'));
    await vi.advanceTimersByTimeAsync(0);
    expect(it.shown.value).toMatchObject({ kind: 'another' });
  });

  test('a hub that has never heard of a patient says nothing against the launch; one that has closed ours does', async () => {
    const it = await confirmed({ events: ['patient-open'], current: [] });
    expect(it.shown.value).toEqual({ kind: 'ours' });
    it.socket().event('patient-open', about('p6'));
    it.socket().drop();
    await vi.advanceTimersByTimeAsync(1000);
    it.socket().confirm();
    await vi.advanceTimersByTimeAsync(0);
    expect(it.shown.value).toEqual({ kind: 'nobody' });
  });

  test.each([
    [
      'refuses',
      (socket: HubSocket) => socket.say({ 'hub.mode': 'denied', 'hub.topic': 'chart-1' }),
    ],
    ['says what is no JSON', (socket: HubSocket) => socket.say('<html>')],
    ['says what is no event', (socket: HubSocket) => socket.say({ hello: 'there' })],
  ])('a hub that %s is lost: it may have been a change of patient', async (_, act) => {
    const it = await confirmed();
    act(it.socket());
    await vi.advanceTimersByTimeAsync(0);
    expect(it.state.value).toBe('lost');
    expect(it.socket().closedWith).toBe(1000);
  });

  test('a heart that stops beating is noticed; one that beats is not', async () => {
    const it = await confirmed({ events: ['patient-open', 'heartbeat'] });
    const beat = () => it.socket().event('heartbeat', [{ key: 'period', decimal: '10' }]);
    for (let count = 0; count < 6; count += 1) {
      beat();
      await vi.advanceTimersByTimeAsync(10_000);
    }
    expect(it.state.value).toBe('following');
    await vi.advanceTimersByTimeAsync(11_000);
    expect(it.state.value).toBe('lost');
  });

  test('the heart of another chart is not this one’s', async () => {
    const it = await confirmed({ events: ['patient-open', 'heartbeat'] });
    it.socket().event('heartbeat', [{ key: 'period', decimal: '10' }]);
    await vi.advanceTimersByTimeAsync(15_000);
    it.socket().event('heartbeat', [{ key: 'period', decimal: '10' }], { 'hub.topic': 'chart-2' });
    expect(it.socket().answers.at(-1)?.status).toBe(404);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(it.state.value).toBe('lost');
  });

  test('a browser that goes offline has lost the hub, and asks at once when it is back', async () => {
    const it = await confirmed();
    it.world.dispatchEvent(new Event('offline'));
    await vi.advanceTimersByTimeAsync(0);
    expect(it.state.value).toBe('lost');
    it.world.dispatchEvent(new Event('online'));
    await vi.advanceTimersByTimeAsync(0);
    expect(it.sockets).toHaveLength(2);
  });

  test('a hub that never confirms is given up, and asked less and less often', async () => {
    const it = await following({ status: 503 });
    expect(it.state.value).toBe('lost');
    await vi.advanceTimersByTimeAsync(10 * 60_000);
    const tries = it.subscriptions().length;
    expect(tries).toBeGreaterThan(8);
    expect(tries).toBeLessThan(26);
  });

  test('a socket that opens and says nothing is not taken for a connection', async () => {
    const it = await following();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(it.state.value).toBe('lost');
  });
});

const settled = () => vi.advanceTimersByTimeAsync(0);
const nothing = () => {};

describe('A connection to the hub', () => {
  test.each([
    ['at the soonest', 0, [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]],
    ['at the latest', 1, [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]],
  ])(
    'that fails is tried again after, %s, half a minute or a minute in the end',
    async (_, chance, waits) => {
      vi.spyOn(Math, 'random').mockReturnValue(chance);
      const it = await following({ status: 503 });
      for (const [index, ms] of waits.entries()) {
        await vi.advanceTimersByTimeAsync(ms - 1);
        expect(it.subscriptions()).toHaveLength(index + 1);
        await vi.advanceTimersByTimeAsync(1);
        expect(it.subscriptions()).toHaveLength(index + 2);
      }
    },
  );

  test('that was confirmed and lost is tried again half a second later', async () => {
    const it = await confirmed();
    it.socket().dispatchEvent(new Event('error'));
    await vi.advanceTimersByTimeAsync(499);
    expect([it.state.value, it.sockets.length]).toEqual(['lost', 1]);
    await vi.advanceTimersByTimeAsync(1);
    expect(it.sockets).toHaveLength(2);
    // It is confirmed anew, or it is none.
    await vi.advanceTimersByTimeAsync(9_999);
    expect(it.socket().closedWith).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    expect(it.socket().closedWith).toBe(1000);
  });

  test('that was good for a while is tried again as soon as at first, however often it had failed before', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(1);
    const it = await following({ status: 503 });
    await vi.advanceTimersByTimeAsync(1000 + 2000 + 4000 + 8000);
    it.script.status = 202;
    await vi.advanceTimersByTimeAsync(16_000);
    it.socket().confirm();
    it.socket().event('patient-open', about('p6'));
    await settled();
    expect(it.state.value).toBe('following');
    it.script.status = 503;
    it.socket().drop();
    await vi.advanceTimersByTimeAsync(500);
    const before = it.subscriptions().length;
    await vi.advanceTimersByTimeAsync(4000);
    expect(it.subscriptions().length).toBeGreaterThan(before);
  });

  test('that is confirmed lasts, and is closed once when it is lost', async () => {
    const it = await confirmed();
    await vi.advanceTimersByTimeAsync(60_000);
    expect([it.state.value, it.sockets.length]).toEqual(['following', 1]);
  });

  test('is not made for somebody who has stopped meanwhile', async () => {
    const hub = scriptedHub();
    const follower = {
      session: hub.session,
      ids: () => [],
      loggedOut: nothing,
      hibernated: nothing,
    };
    follow(HUB, follower, hub.world).stop();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(hub.sockets).toEqual([]);
    expect(hub.subscriptions()).toHaveLength(1);
  });

  test('ends with its session, which has no token left to say goodbye with', async () => {
    const hub = scriptedHub();
    const end = new AbortController();
    const session = { ...hub.session, signal: end.signal };
    follow(HUB, { session, ids: () => [], loggedOut: nothing, hibernated: nothing }, hub.world);
    await settled();
    hub.sockets[0]?.confirm();
    await settled();
    end.abort();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(hub.sockets[0]?.closedWith).toBe(1000);
    expect(hub.subscriptions()).toHaveLength(1);
  });

  test('whose waiting is stopped is not made again', async () => {
    const it = await following({ status: 503 });
    it.stop();
    it.world.dispatchEvent(new Event('online'));
    await vi.advanceTimersByTimeAsync(120_000);
    expect(it.subscriptions()).toHaveLength(1);
  });

  test('is renewed as often as its lease asks, and a renewal that fails does no harm', async () => {
    const it = await following();
    it.socket().confirm(100);
    it.script.status = 503;
    await vi.advanceTimersByTimeAsync(80_000);
    expect(it.subscriptions()).toHaveLength(2);
    expect(it.state.value).toBe('following');
    it.socket().confirm(50);
    it.socket().confirm(100);
    await vi.advanceTimersByTimeAsync(79_999);
    expect(it.subscriptions()).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(it.subscriptions()).toHaveLength(3);
  });

  test('that is over is not renewed', async () => {
    const it = await following();
    it.socket().confirm(100);
    await settled();
    it.stop();
    await vi.advanceTimersByTimeAsync(100_000);
    expect(it.subscriptions().map(({ form }) => form.get('hub.mode'))).toEqual([
      'subscribe',
      'unsubscribe',
    ]);
  });

  test.each([
    ['without a lease', 0],
    ['with a lease of a hundred years', 3_153_600_000],
  ])('%s is not renewed', async (_, lease) => {
    const it = await following();
    it.socket().confirm(lease);
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(it.subscriptions()).toHaveLength(1);
  });

  test('whose heart does not say how often it beats is lost after twenty seconds', async () => {
    const it = await confirmed();
    it.socket().event('heartbeat');
    await vi.advanceTimersByTimeAsync(19_999);
    expect(it.state.value).toBe('following');
    await vi.advanceTimersByTimeAsync(1);
    expect(it.state.value).toBe('lost');
  });

  test('answers what it is told, also what is of no interest, and nothing when it is over', async () => {
    const it = await confirmed();
    it.socket().event('ImagingStudy-open', about('p2'));
    expect(it.shown.value).toEqual({ kind: 'ours' });
    expect(it.socket().answers.map(({ status }) => status)).toEqual([200]);
    it.socket().drop();
    it.socket().event('patient-open', about('p2'));
    expect(it.socket().answers).toHaveLength(1);
    expect(it.shown.value).toEqual({ kind: 'ours' });
  });

  test('before it is confirmed tells who is open, and is not yet one', async () => {
    const it = await following();
    it.socket().event('patient-open', about('p2', 'Olav'));
    expect(it.shown.value).toEqual({ kind: 'another', name: 'Olav' });
    expect(it.state.value).toBe('connecting');
  });

  test('goes by the newest event, also after one whose time cannot be read', async () => {
    const it = await confirmed();
    const open = (id: string, timestamp: string) =>
      it.socket().event('patient-open', about(id), { timestamp });
    open('p6', '2026-11-21T20:16:00Z');
    open('p2', 'just now');
    open('p6', '2026-11-21T20:15:00Z');
    expect(it.shown.value).toMatchObject({ kind: 'another' });
    open('p6', '2026-11-21T20:16:00Z');
    expect(it.shown.value).toEqual({ kind: 'ours' });
  });

  test('that is lost while it is asked who is open says nothing any more', async () => {
    const it = await following({ events: ['patient-open'], current: about('p2') });
    it.socket().confirm();
    it.socket().drop();
    await settled();
    expect(it.shown.value).toEqual({ kind: 'ours' });
    expect(it.state.value).toBe('lost');
  });

  test('that is lost while a hub is asked who is open, and it does not say, is lost', async () => {
    const it = await following({ events: ['patient-open'], current: undefined });
    it.socket().confirm();
    it.socket().drop();
    await settled();
    expect(it.state.value).toBe('lost');
  });

  test('to a hub that should say who is open and does not is good only where the launch has just said it', async () => {
    const it = await confirmed({ events: ['patient-open'], current: undefined });
    expect(it.state.value).toBe('following');
    it.socket().drop();
    await vi.advanceTimersByTimeAsync(1000);
    it.socket().confirm();
    await settled();
    expect(it.state.value).toBe('lost');
  });
});
