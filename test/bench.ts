import { createHash, randomBytes } from 'node:crypto';
import type { ReadonlySignal } from '@preact/signals';
import { readOffer } from '../src/fhir/capability.ts';
import { type Session, type SourceAddress, serverClock } from '../src/fhir/session.ts';
import { authorizationOf } from '../src/launch/authorization.ts';
import type { LaunchFailure } from '../src/launch/failure.ts';
import { renew } from '../src/launch/renew.ts';
import { TokenResponse, tokensIn } from '../src/launch/token-response.ts';
import type { Item, Known, Reading } from '../src/record/reading.ts';
import { openRecord, type PatientRecord } from '../src/record/record.ts';
import { SECTIONS } from '../src/record/sources/kinds.ts';
import { createSandbox, type Sandbox } from '../src/sandbox/sandbox.ts';

/** The sandbox without sockets, and one session with it, obtained as an app obtains it: by the protocol. */
export interface Bench {
  readonly sandbox: Sandbox;
  readonly session: Session;
  /** All of what came with the token. */
  readonly tokenResponse: Readonly<Record<string, unknown>>;
  /** The record, once every source has answered in every section. */
  readonly record: () => Promise<PatientRecord>;
  /** Time passes, for the server and for the app. */
  readonly pass: (ms: number) => void;
  /** Why the view was taken away, once it was. */
  readonly over: () => LaunchFailure | undefined;
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
  /** Sources beside the EHR, by their place on the sandbox: `{ kind: 'kj', at: 'kj' }`. */
  readonly sources?: readonly { readonly kind: SourceAddress['kind']; readonly at: string }[];
  /** Servers that do less than ours: the answer to `/metadata` is as if it had not come. */
  readonly silentAboutItself?: boolean;
  /** Servers that can do less (`POST /ehr/server`), from before the session asks what they offer. */
  readonly server?: object;
  /** The session knows who signed in (`sub`): what is written and kept is somebody's. */
  readonly signedIn?: boolean;
  /** Where the server keeps app state, the session knows it. Its scope must be asked for. */
  readonly appState?: boolean;
  /** The same sandbox as another session's. */
  readonly beside?: Bench;
  /** On real ports, for what needs sockets; whoever asks for it closes the sandbox. */
  readonly listening?: boolean;
}

const ALL = 'openid fhirUser launch patient/*.rs';

export async function bench(wanted: Wanted = {}): Promise<Bench> {
  let passed = 0;
  let why: LaunchFailure | undefined;
  const sandbox =
    wanted.beside?.sandbox ??
    createSandbox({
      now: () => new Date(Date.now() + passed),
      port: wanted.listening ? 0 : 8080,
      appPort: wanted.listening ? 0 : 8081,
      appDir: 'dist/web',
      dataPath: wanted.dataPath,
    });
  await (wanted.listening ? sandbox.listen() : sandbox.loaded());
  const post = (path: string, method: string, body?: unknown) =>
    sandbox.fetch(
      new Request(sandbox.ehrOrigin + path, {
        method,
        headers: { 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );
  if (wanted.server) await accepted(post('/ehr/server', 'POST', wanted.server));
  const { session, tokenResponse } = await sessionWith(
    sandbox,
    wanted,
    () => passed,
    failure => {
      why = failure;
    },
  );
  return {
    sandbox,
    session,
    tokenResponse,
    pass(ms) {
      passed += ms;
    },
    over: () => why,
    async record() {
      const record = openRecord(session);
      await Promise.all([
        answered<Item>(record.patient),
        ...SECTIONS.map(name => answered<Item>(record[name])),
      ]);
      return record;
    },
    async scenario(...rules) {
      await accepted(post('/ehr/scenario', 'POST', rules));
    },
    async asked() {
      const log: unknown = await (await post('/ehr/log', 'GET')).json();
      return (log as { method: string; path: string }[]).map(row => `${row.method} ${row.path}`);
    },
  };
}

async function accepted(request: Promise<Response>): Promise<void> {
  const answer = await request;
  if (!answer.ok) throw new Error(await answer.text());
}

/** What is known when every source that is asked has answered. */
export function answered<T extends Item>(section: ReadonlySignal<Reading<T>>): Promise<Known<T>> {
  return new Promise(resolve => {
    const stop = section.subscribe(reading => {
      if (reading.state === 'loading') return;
      if (reading.gaps.some(({ why }) => why === 'waiting')) return;
      resolve(reading);
      queueMicrotask(() => stop());
    });
  });
}

async function sessionWith(
  sandbox: Sandbox,
  wanted: Wanted,
  elapsedMs: () => number,
  changed: (failure: LaunchFailure) => void,
): Promise<Pick<Bench, 'session' | 'tokenResponse'>> {
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
  ).json()) as {
    authorization_endpoint: string;
    token_endpoint: string;
    associated_endpoints: readonly { url: string }[];
  };

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
  const redirected = await fetch(new Request(authorize, { redirect: 'manual' }));
  const code = new URL(redirected.headers.get('location') ?? '').searchParams.get('code') ?? '';
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
  const answer = (await redeemed.json()) as {
    scope: string;
    patient: string;
    id_token?: string;
  };
  const patient = `Patient/${answer.patient}` as const;
  const scopes = answer.scope.split(' ');
  const end = new AbortController();
  const login = { token: smart.token_endpoint, clientId: 'sideplan' };
  const authorization = authorizationOf(
    tokensIn(TokenResponse.parse(answer)),
    refreshToken =>
      renew(
        refreshToken,
        login,
        { patient, scopes },
        (input, init) => fetch(new Request(input, init)),
        clock.heard,
      ),
    failure => {
      end.abort();
      changed(failure);
    },
    elapsedMs,
  );
  const session: Session = {
    iss,
    label: 'Sandkassen',
    patient,
    user: wanted.signedIn
      ? userIn(iss, answer.id_token)
      : { sub: undefined, name: undefined, fhirUser: undefined },
    appState: wanted.appState ? smart.associated_endpoints[0]?.url : undefined,
    scopes,
    purpose: undefined,
    authorization,
    headers: {},
    sources: (wanted.sources ?? []).map(({ kind, at }) => ({
      kind,
      base: `${sandbox.ehrOrigin}/${at}`,
      label: `Kilde ${at}`,
      headers: kind === 'kj' ? { 'nhn-access-basis': 'UNNTAK' } : {},
      sendToken: true,
    })),
    offer: readOffer(iss, wanted.silentAboutItself ? offline : fetch, {}),
    clock,
    signal: end.signal,
    fetch,
  };
  return { session, tokenResponse: answer };
}

/** The sandbox's own id_token, fresh from its token endpoint: what verifying it takes is tested elsewhere. */
function userIn(iss: string, idToken = ''): Session['user'] {
  const claims: unknown = JSON.parse(
    Buffer.from(idToken.split('.')[1] ?? '', 'base64url').toString(),
  );
  const { sub, fhirUser } = claims as { sub?: string; fhirUser?: string };
  return { sub, name: undefined, fhirUser: fhirUser?.replace(`${iss}/`, '') };
}

const offline = () => Promise.reject(new TypeError('no network'));
