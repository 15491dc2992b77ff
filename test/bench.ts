import { createHash, randomBytes } from 'node:crypto';
import { readOffer } from '../src/fhir/capability.ts';
import { type Session, serverClock } from '../src/fhir/session.ts';
import { openRecord, type PatientRecord } from '../src/record/record.ts';
import { createSandbox, type Sandbox } from '../src/sandbox/sandbox.ts';

/** The sandbox without sockets, and one session with it, obtained as an app obtains it: by the protocol. */
export interface Bench {
  readonly sandbox: Sandbox;
  readonly session: Session;
  /** The record, once every section has an answer. */
  readonly record: () => Promise<PatientRecord>;
  /** Makes the sandbox misbehave (CONTRACT, `/ehr/scenario`). */
  readonly scenario: (...rules: readonly object[]) => Promise<void>;
  /** What the sandbox was asked: `GET /fhir/Patient/p1`, entries of a batch included. */
  readonly asked: () => Promise<readonly string[]>;
}

export interface Wanted {
  readonly user?: string;
  readonly patient?: string;
  readonly now?: string;
  readonly scope?: string;
  readonly dataPath?: string;
  /** Servers that do less than ours: the answer to `/metadata` is as if it had not come. */
  readonly silentAboutItself?: boolean;
}

const ALL = 'openid fhirUser launch patient/*.rs';

export async function bench(wanted: Wanted = {}): Promise<Bench> {
  const sandbox = createSandbox({
    port: 8080,
    appPort: 8081,
    appDir: 'dist/web',
    dataPath: wanted.dataPath,
  });
  await sandbox.loaded();
  const session = await sessionWith(sandbox, wanted);
  const post = (path: string, method: string, body?: unknown) =>
    sandbox.fetch(
      new Request(sandbox.ehrOrigin + path, {
        method,
        headers: { 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );
  return {
    sandbox,
    session,
    async record() {
      const record = openRecord(session);
      await settled(record);
      return record;
    },
    async scenario(...rules) {
      const answer = await post('/ehr/scenario', 'POST', rules);
      if (!answer.ok) throw new Error(await answer.text());
    },
    async asked() {
      const log: unknown = await (await post('/ehr/log', 'GET')).json();
      return (log as { method: string; path: string }[]).map(row => `${row.method} ${row.path}`);
    },
  };
}

async function settled(record: PatientRecord): Promise<void> {
  const sections = [record.patient, record.plans, record.critical, record.medicines];
  await Promise.all(
    sections.map(
      section =>
        new Promise<void>(resolve => {
          const stop = section.subscribe(reading => {
            if (reading.state === 'loading') return;
            resolve();
            queueMicrotask(() => stop());
          });
        }),
    ),
  );
}

async function sessionWith(sandbox: Sandbox, wanted: Wanted): Promise<Session> {
  const iss = sandbox.fhirBase;
  const fetch = (request: Request) => sandbox.fetch(request);
  const handle = new URL('/ehr/launch', sandbox.ehrOrigin);
  handle.searchParams.set('user', wanted.user ?? 'u-lv');
  handle.searchParams.set('patient', wanted.patient ?? 'p1');
  if (wanted.now) handle.searchParams.set('now', wanted.now);
  const launched = await fetch(new Request(handle, { headers: { accept: 'application/json' } }));
  if (!launched.ok) throw new Error(await launched.text());
  const { launch } = (await launched.json()) as { launch: string };
  const smart = (await (
    await fetch(new Request(`${iss}/.well-known/smart-configuration`))
  ).json()) as { authorization_endpoint: string; token_endpoint: string };

  const verifier = randomBytes(48).toString('base64url');
  const redirectUri = `${sandbox.appOrigin}/index.html`;
  const authorize = new URL(smart.authorization_endpoint);
  authorize.search = new URLSearchParams({
    response_type: 'code',
    client_id: 'sideplan',
    redirect_uri: redirectUri,
    scope: wanted.scope ?? ALL,
    state: 'a-state-of-the-bench-that-is-long-enough',
    aud: iss,
    launch,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  }).toString();
  const answered = await fetch(new Request(authorize, { redirect: 'manual' }));
  const code = new URL(answered.headers.get('location') ?? '').searchParams.get('code') ?? '';
  const clock = serverClock();
  const redeemed = await fetch(
    new Request(smart.token_endpoint, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code,
        redirect_uri: redirectUri,
        client_id: 'sideplan',
        code_verifier: verifier,
      }),
    }),
  );
  clock.heard(redeemed);
  const token = (await redeemed.json()) as { access_token: string; scope: string; patient: string };
  return {
    iss,
    label: 'Sandkassen',
    patient: `Patient/${token.patient}`,
    user: { name: undefined, fhirUser: undefined },
    scopes: token.scope.split(' '),
    purpose: undefined,
    accessToken: token.access_token,
    headers: {},
    offer: readOffer(iss, wanted.silentAboutItself ? offline : fetch, {}),
    clock,
    signal: new AbortController().signal,
    fetch,
  };
}

const offline = () => Promise.reject(new TypeError('no network'));
