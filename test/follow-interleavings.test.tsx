import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signal } from '@preact/signals';
import * as fc from 'fast-check';
import { render } from 'preact';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Session } from '../src/fhir/session.ts';
import { openView } from '../src/view.tsx';
import { bench } from './bench.ts';
import { HubSocket } from './scripted-hub.ts';

// C10: the real record, sidebar and following, against the sandbox's real answers, in any order. The three patients
// are small, so that a thousand orders of events can be drawn; every text about each carries that patient's marker.
const PATIENTS = ['kari', 'liv', 'marte'] as const;
type PatientId = (typeof PATIENTS)[number];
const MARKERS = { kari: 'Karimerke', liv: 'Livmerke', marte: 'Martemerke' } as const;

const resourcesOf = (id: PatientId) => {
  const text = MARKERS[id];
  const subject = { reference: `Patient/${id}` };
  const patient = subject;
  const clinicalStatus = { coding: [{ system: CLINICAL, code: 'active' }] };
  return [
    { resourceType: 'Patient', id, name: [{ text }], birthDate: '1990-01-01' },
    {
      resourceType: 'CarePlan',
      id: `plan-${id}`,
      status: 'active',
      intent: 'plan',
      title: text,
      subject,
    },
    { resourceType: 'AllergyIntolerance', id: `a-${id}`, clinicalStatus, code: { text }, patient },
    {
      resourceType: 'MedicationStatement',
      id: `m-${id}`,
      status: 'active',
      medicationCodeableConcept: { text },
      subject,
    },
  ];
};
const CLINICAL = 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical';

const people = new Map<PatientId, Awaited<ReturnType<typeof bench>>>();
const recorded = new Map<string, Promise<{ body: string; init: ResponseInit }>>();

beforeAll(async () => {
  const dataPath = join(mkdtempSync(join(tmpdir(), 'sideplan-c10-')), 'three.json');
  const entry = PATIENTS.flatMap(resourcesOf).map(resource => ({ resource }));
  writeFileSync(dataPath, JSON.stringify({ resourceType: 'Bundle', type: 'collection', entry }));
  for (const patient of PATIENTS) people.set(patient, await bench({ patient, dataPath }));
}, 60_000);
afterAll(() => {
  vi.unstubAllGlobals();
});

async function answerOf(patient: PatientId, request: Request) {
  const sent = await request.clone().text();
  const key = [patient, request.method, request.url, sent].join(' ');
  const asked = async () => {
    const response = await people.get(patient)!.session.fetch(request);
    const init = { status: response.status, headers: [...response.headers] as [string, string][] };
    return { body: await response.text(), init };
  };
  if (!recorded.has(key)) recorded.set(key, asked());
  const { body, init } = await recorded.get(key)!;
  return new Response(body, init);
}

/** An answer on its way: to this launch, until somebody lets it arrive. */
interface Waiting {
  readonly arrive: () => void;
}

/** The journal, the network and one frame, in which launches follow one another. */
class Frame {
  readonly waiting: Waiting[] = [];
  readonly sockets: HubSocket[] = [];
  launched: PatientId | undefined;
  /** Whom the hub last said the journal shows, since this launch; undefined = it has said nothing. */
  told: PatientId | 'nobody' | undefined;
  end = new AbortController();

  launch(patient: PatientId) {
    this.end.abort();
    this.end = new AbortController();
    this.launched = patient;
    this.told = undefined;
    const { session, tokenResponse } = people.get(patient)!;
    const mine: Session = {
      ...session,
      signal: this.end.signal,
      offer: session.offer,
      fetch: request => this.asked(patient, request),
    };
    openView(
      {
        kind: 'session',
        session: mine,
        locale: undefined,
        over: signal(undefined),
        logOut: () => Promise.resolve(),
        surroundings: {
          hub: { url: tokenResponse['hub.url'], topic: tokenResponse['hub.topic'] },
          messaging: { handle: undefined, origin: undefined },
          trusted: [new URL(session.iss).origin],
          idleMinutes: undefined,
        },
      },
      document.body,
      () => {},
    );
  }

  /** No answer is ever stopped on its way, not even one that nobody wants any more. */
  private asked(patient: PatientId, request: Request): Promise<Response> {
    if (request.url.includes('/hub')) return Promise.resolve(this.hubAnswer(request));
    return new Promise(resolve => {
      this.waiting.push({ arrive: () => void answerOf(patient, request).then(resolve) });
    });
  }

  private hubAnswer(request: Request): Response {
    if (request.method === 'GET') return new Response('', { status: 404 });
    const endpoint = `${request.url.replace('http', 'ws')}/${this.sockets.length}`;
    return Response.json({ 'hub.channel.endpoint': endpoint }, { status: 202 });
  }

  /** The socket of the present launch, if it is open. */
  get socket(): HubSocket | undefined {
    const newest = this.sockets.at(-1);
    return newest && newest.closedWith === undefined ? newest : undefined;
  }

  say(name: 'patient-open' | 'patient-close', patient: PatientId, socket = this.socket) {
    if (!socket || !this.launched) return;
    const topic = people.get(this.launched)!.tokenResponse['hub.topic'];
    const resource = { resourceType: 'Patient', id: patient };
    const event = {
      'hub.topic': topic,
      'hub.event': name,
      context: [{ key: 'patient', resource }],
    };
    socket.say({ timestamp: new Date().toISOString(), id: crypto.randomUUID(), event });
    if (socket !== this.socket) return;
    if (name === 'patient-open') this.told = patient;
    else if (patient === (this.told ?? this.launched)) this.told = 'nobody';
  }
}

type Step =
  | { readonly do: 'launch' | 'open' | 'close'; readonly patient: PatientId }
  | { readonly do: 'answer'; readonly which: number }
  | { readonly do: 'confirm' | 'drop' | 'late' };

const patient = fc.constantFrom(...PATIENTS);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constant('launch' as const), patient }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('open', 'close'), patient }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('answer' as const), which: fc.nat(7) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('confirm', 'drop', 'late') }) },
);

function take(frame: Frame, next: Step): void {
  switch (next.do) {
    case 'launch':
      return frame.launch(next.patient);
    case 'open':
      return frame.say('patient-open', next.patient);
    case 'close':
      return frame.say('patient-close', next.patient);
    case 'answer':
      return frame.waiting.splice(next.which % Math.max(1, frame.waiting.length), 1)[0]?.arrive();
    case 'confirm':
      return frame.socket?.say({ 'hub.mode': 'subscribe', 'hub.topic': 'any' });
    case 'drop':
      return frame.socket?.drop();
    default:
      // From a socket of an earlier launch or connection, whatever it is worth.
      return frame.say('patient-open', frame.launched ?? 'kari', frame.sockets[0]);
  }
}

/** Every marker on screen belongs to the context, and the context to what is known of the journal. */
function check(frame: Frame): void {
  const context = document.documentElement.dataset['context'] ?? '';
  const shown = PATIENTS.find(each => context.endsWith(`|${each}`));
  if (context) expect(shown).toBe(frame.launched);
  if (frame.told !== undefined && frame.told !== frame.launched) expect(context).toBe('');
  const text = [...document.body.children]
    .filter(child => !child.matches('[data-follow]'))
    .map(child => child.textContent)
    .join(' ');
  for (const each of PATIENTS)
    if (each !== shown)
      expect(text, `${each} in the context of ${context}`).not.toContain(MARKERS[each]);
  for (const banner of document.querySelectorAll('[data-patient-banner]'))
    expect(banner.getAttribute('data-patient-banner')).toBe(`Patient/${shown}`);
  if (!shown) expect(document.querySelector('[data-section], [data-item-id]')).toBeNull();
}

/** Whatever can happen without a further answer has happened: what is seen is drawn, and the rest has had its turn. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise(resolve => setTimeout(resolve));
}

/** Schedules, of three to ten steps each. */
const RUNS = 1000;

test(`C10 interleavings: in ${RUNS} orders of launches, answers and the journal’s turns, no marker of another patient is shown`, {
  timeout: 300_000,
}, async () => {
  let seen = 0;
  let hidden = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 10 }), async steps => {
      const frame = new Frame();
      class Socket extends HubSocket {
        constructor(url: string) {
          super(url);
          frame.sockets.push(this);
        }
      }
      vi.stubGlobal('WebSocket', Socket);
      frame.launch('kari');
      // The patient is read first, so that most schedules reach the hub.
      for (const { arrive } of frame.waiting.splice(0)) arrive();
      await settle();
      try {
        for (const next of steps) {
          take(frame, next);
          // Before anything is painted, not some time after.
          if (next.do === 'open' || next.do === 'close') check(frame);
          await settle();
          check(frame);
        }
        if (document.querySelector('[data-item-id]')) seen += 1;
        if (document.documentElement.dataset['context'] === '') hidden += 1;
      } finally {
        frame.end.abort();
        render(null, document.body);
      }
    }),
    { numRuns: RUNS },
  );
  // The schedules have met both a patient on screen and an empty one, or they have shown nothing. By chance about
  // four in ten end with the one and one in eight with the other; the bound lies far below both.
  expect(seen).toBeGreaterThan(RUNS / 20);
  expect(hidden).toBeGreaterThan(RUNS / 20);
});
