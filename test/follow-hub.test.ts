import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { follow, type World } from '../src/follow/follow.ts';
import { hubIn } from '../src/follow/hub.ts';
import type { Sandbox } from '../src/sandbox/sandbox.ts';
import { bench } from './bench.ts';

/** The sandbox's hub, spoken to as an app speaks to one: requests in process, and then over real sockets. */
const { sandbox, session, tokenResponse } = await bench();
const token = await session.authorization?.token();
const { 'hub.url': url, 'hub.topic': topic } = tokenResponse as {
  'hub.url': string;
  'hub.topic': string;
};
const wanted = {
  'hub.channel.type': 'websocket',
  'hub.mode': 'subscribe',
  'hub.topic': topic,
  'hub.events': 'patient-open,PATIENT-CLOSE',
};

const ask = (form: Readonly<Record<string, string>>, authorization = `Bearer ${token}`) =>
  sandbox.fetch(
    new Request(url, {
      method: 'POST',
      headers: authorization ? { authorization } : {},
      body: new URLSearchParams(form),
    }),
  );
const journal = (where: Sandbox, path: string, body: unknown) =>
  fetch(where.ehrOrigin + path, { method: 'POST', body: JSON.stringify(body) });

const current = (path: string, authorization: string) =>
  sandbox.fetch(new Request(`${url}/${path}`, { headers: { authorization } }));

describe('The hub', () => {
  test('is named beside the token, with the topic of the chart, and nowhere else', async () => {
    expect(url).toBe('http://localhost:8080/hub');
    const smart = await sandbox.fetch(
      new Request(`${sandbox.fhirBase}/.well-known/smart-configuration`),
    );
    expect(await smart.text()).not.toContain('/hub');
    expect(tokenResponse).toMatchObject({
      smart_web_messaging_handle: expect.stringMatching(/^.{16,}$/),
      smart_web_messaging_origin: 'http://localhost:8080',
    });
    const again = await bench();
    expect(again.tokenResponse['hub.topic']).not.toBe(topic);
  });

  test('says what it can do', async () => {
    const found = await sandbox.fetch(new Request(`${url}/.well-known/fhircast-configuration`));
    expect(await found.json()).toMatchObject({
      fhircastVersion: 'STU3',
      websocketSupport: true,
      getCurrentSupport: true,
      eventsSupported: expect.arrayContaining(['Patient-open', 'Patient-close', 'UserLogout']),
    });
  });

  test('gives out an endpoint of its own for each subscription', async () => {
    const [one, other] = await Promise.all([ask(wanted), ask(wanted)]);
    expect(one.status).toBe(202);
    const first = (await one.json())['hub.channel.endpoint'];
    expect(first).toMatch(/^ws:\/\/localhost:8080\/hub\/[\w-]{40,}$/);
    expect((await other.json())['hub.channel.endpoint']).not.toBe(first);
  });

  test.each([
    ['without a token', wanted, '', 401],
    ['with a token nobody gave out', wanted, 'Bearer x', 401],
    ['for another chart', { ...wanted, 'hub.topic': 'another' }, undefined, 403],
    ['by webhook', { ...wanted, 'hub.channel.type': 'webhook' }, undefined, 400],
    ['in no mode', { ...wanted, 'hub.mode': 'listen' }, undefined, 400],
    ['for no event', { ...wanted, 'hub.events': '' }, undefined, 400],
    ['for an event it does not have', { ...wanted, 'hub.events': 'patient-sing' }, undefined, 400],
    ['for less than no time', { ...wanted, 'hub.lease_seconds': '-1' }, undefined, 400],
    [
      'at an endpoint it never gave out',
      { ...wanted, 'hub.channel.endpoint': 'ws://x/y' },
      undefined,
      404,
    ],
  ])('refuses to be asked %s', async (_, form, authorization, status) => {
    expect((await ask(form, authorization)).status).toBe(status);
  });

  test('tells who is open now, to this chart’s token only', async () => {
    const told = await (await current(topic, `Bearer ${token}`)).json();
    expect(told).toMatchObject({
      'context.type': 'Patient',
      context: [{ key: 'patient', resource: { resourceType: 'Patient', id: 'p1' } }],
    });
    expect((await current('another', `Bearer ${token}`)).status).toBe(403);
    expect((await current(topic, 'Bearer x')).status).toBe(401);
  });
});

describe('The journal’s patient', () => {
  test.each([
    [{ patient: 'p2' }, 400],
    [{ user: 'u-nobody', patient: 'p2' }, 400],
    [{ user: 'u-lv', patient: 'p99' }, 400],
    [{ user: 'u-lv' }, 400],
    [{ user: 'u-lv', patient: 'p1' }, 200],
  ])('%o is answered with %i', async (body, status) => {
    const answer = await sandbox.fetch(
      new Request(`${sandbox.ehrOrigin}/ehr/context`, {
        method: 'POST',
        body: JSON.stringify(body),
      }),
    );
    expect(answer.status).toBe(status);
  });
});

describe('Over real sockets', () => {
  let live: Awaited<ReturnType<typeof bench>>;
  beforeAll(async () => {
    live = await bench({ listening: true });
  });
  afterAll(() => live.sandbox.close());

  function followed(at = live) {
    const hub = hubIn({ url: at.tokenResponse['hub.url'], topic: at.tokenResponse['hub.topic'] }, [
      at.sandbox.ehrOrigin,
    ]);
    const said: string[] = [];
    const world = Object.assign(new EventTarget(), { WebSocket, setTimeout, clearTimeout });
    const it = follow(
      hub!,
      {
        session: { ...at.session, fetch: request => fetch(request) },
        ids: () => [],
        loggedOut: () => said.push('logged out'),
        hibernated: () => {},
      },
      world as unknown as World,
    );
    return { ...it, said };
  }

  test('what the journal shows reaches the panel, there and back, and so does its user’s leaving', async () => {
    const { shown, state, said, stop } = followed();
    await vi.waitFor(() => expect(state.value).toBe('following'));
    await journal(live.sandbox, '/ehr/context', { user: 'u-lv', patient: 'p2' });
    await vi.waitFor(() => expect(shown.value).toEqual({ kind: 'another', name: 'Olav Prøvenes' }));
    await journal(live.sandbox, '/ehr/context', { user: 'u-lv', patient: null });
    await vi.waitFor(() => expect(shown.value).toEqual({ kind: 'nobody' }));
    await journal(live.sandbox, '/ehr/context', { user: 'u-lv', patient: 'p1' });
    await vi.waitFor(() => expect(shown.value).toEqual({ kind: 'ours' }));
    await journal(live.sandbox, '/ehr/context', { user: 'u-nav', patient: 'p3' });
    await journal(live.sandbox, '/ehr/logout', { user: 'u-nav' });
    await journal(live.sandbox, '/ehr/logout', { user: 'u-lv' });
    await vi.waitFor(() => expect(said).toEqual(['logged out']));
    // Another user's journal is nothing to us.
    expect(shown.value).toEqual({ kind: 'ours' });
    stop();
  });

  test('who subscribes late is told at once whom the journal shows', async () => {
    await journal(live.sandbox, '/ehr/context', { user: 'u-lv', patient: 'p3' });
    const { shown, stop } = followed();
    await vi.waitFor(() => expect(shown.value).toMatchObject({ name: 'Turid Demohaug' }));
    stop();
  });

  /** A subscriber that hears everything and answers nothing. */
  async function mute(events: string) {
    const { 'hub.url': hub, 'hub.topic': chart } = live.tokenResponse as Record<string, string>;
    const asked = await fetch(hub!, {
      method: 'POST',
      headers: { authorization: `Bearer ${await live.session.authorization?.token()}` },
      body: new URLSearchParams({ ...wanted, 'hub.topic': chart!, 'hub.events': events }),
    });
    const heard: Record<string, unknown>[] = [];
    const socket = new WebSocket((await asked.json())['hub.channel.endpoint']);
    socket.addEventListener('message', ({ data }) => heard.push(JSON.parse(data as string)));
    const closed = new Promise(resolve => socket.on('close', resolve));
    await vi.waitFor(() => expect(heard[0]).toMatchObject({ 'hub.mode': 'subscribe' }));
    return { heard, closed };
  }

  test('promises no more time than the token has left', async () => {
    const { heard } = await mute('patient-open');
    const promised = Number(heard[0]?.['hub.lease_seconds']);
    expect(promised).toBeGreaterThan(500);
    expect(promised).toBeLessThanOrEqual(600);
  });

  test('who subscribes is sent the last «open» first', async () => {
    await journal(live.sandbox, '/ehr/context', { user: 'u-lv', patient: 'p3' });
    const { heard } = await mute('patient-open');
    await vi.waitFor(() =>
      expect(heard[1]).toMatchObject({
        event: { 'hub.event': 'Patient-open', context: [{ resource: { id: 'p3' } }] },
      }),
    );
  });

  test('who does not answer an event in ten seconds is let go, and told why', async () => {
    await journal(live.sandbox, '/ehr/context', { user: 'u-lv', patient: null });
    const { heard, closed } = await mute('patient-open');
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await journal(live.sandbox, '/ehr/context', { user: 'u-lv', patient: 'p2' });
    vi.advanceTimersByTime(10_000);
    vi.useRealTimers();
    expect(await closed).toBe(1000);
    expect(heard.at(-1)).toMatchObject({
      'hub.mode': 'denied',
      'hub.reason': 'An event was not answered.',
    });
  });

  test('an endpoint nobody was given, or that is taken, is closed', async () => {
    const { sandbox: at } = live;
    const socket = new WebSocket(`${at.ehrOrigin.replace('http', 'ws')}/hub/guessed`);
    const code = await new Promise(resolve => socket.on('close', resolve));
    expect(code).toBe(1008);
  });

  test('only the journal’s own page is told whom its user looks at', async () => {
    const address = `${live.sandbox.ehrOrigin.replace('http', 'ws')}/ehr/context?user=u-lv`;
    const foreign = new WebSocket(address, { origin: 'https://elsewhere.example' });
    expect(await new Promise(resolve => foreign.on('close', resolve))).toBe(1008);
    const own = new WebSocket(address, { origin: live.sandbox.ehrOrigin });
    await new Promise(resolve => own.on('open', resolve));
    const told = new Promise(resolve =>
      own.addEventListener('message', ({ data }) => resolve(data)),
    );
    await journal(live.sandbox, '/ehr/context', { user: 'u-lv', patient: 'p5' });
    expect(await told).toBe('{"patient":"p5"}');
    own.close();
  });
});
