// As little as a page can do: the steps of SMART App Launch 2.2 in a frame, Sideplan's own first questions with bare
// fetch, and the first phone number as text. Nothing is checked and nothing may go wrong; no faster page is possible.
import type { ServerOffer } from '../../src/fhir/capability.ts';
import type { Session } from '../../src/fhir/session.ts';
import { scopesFor } from '../../src/launch/scopes.ts';
import { acuteQuestions, medicationQuestions } from '../../src/record/sources/r4-searches.ts';

interface Statement {
  rest: {
    resource: { type: string; searchInclude?: string[]; searchParam?: { name: string }[] }[];
  }[];
}
interface Batch {
  entry: { resource?: unknown }[];
}

const query = new URLSearchParams(location.search);
if (location.pathname.endsWith('/launch.html')) void launch();
else parent.postMessage(query.get('code'), location.origin);

async function launch() {
  const iss = query.get('iss') ?? '';
  // As the page's preload asks for it, or it would be fetched twice.
  await get('sideplan.config.json', { credentials: 'same-origin' });
  const smart = await get<Record<string, string>>(`${iss}/.well-known/smart-configuration`);
  const verifier = base64url(crypto.getRandomValues(new Uint8Array(32)));
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
  const redirectUri = new URL('index.html', location.href).href;
  // As Sideplan does: what needs no token is asked for while somebody is being recognised.
  const metadata = get<Statement>(`${iss}/metadata`);
  const keys = get(smart['jwks_uri'] ?? '');
  const code = await authorized(
    `${smart['authorization_endpoint']}?${new URLSearchParams({
      response_type: 'code',
      client_id: 'sideplan',
      redirect_uri: redirectUri,
      launch: query.get('launch') ?? '',
      scope: scopesFor({ launch: true, v2: true, appState: true }),
      state: `floor.${crypto.randomUUID()}`,
      nonce: crypto.randomUUID(),
      aud: iss,
      code_challenge: base64url(new Uint8Array(hash)),
      code_challenge_method: 'S256',
    })}`,
  );
  const token = await get<Record<string, string>>(smart['token_endpoint'] ?? '', {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirectUri,
      client_id: 'sideplan',
      code_verifier: verifier,
    }),
  });
  const [statement] = await Promise.all([metadata, keys]);
  const resources = statement.rest[0]?.resource ?? [];
  const about = (type: string) => resources.find(one => one.type === type);
  const offer: Pick<ServerOffer, 'includes' | 'searches'> = {
    includes: (type, value) => about(type)?.searchInclude?.includes(value) ?? false,
    searches: (type, name) => about(type)?.searchParam?.some(one => one.name === name) ?? false,
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the questions need nothing more of either
  const asked = [
    { patient: `Patient/${token['patient']}` } as Session,
    offer as ServerOffer,
  ] as const;
  const together = (questions: readonly { readonly address: string }[]) =>
    get<Batch>(iss, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token['access_token']}`,
        'content-type': 'application/fhir+json',
      },
      body: JSON.stringify({
        resourceType: 'Bundle',
        type: 'batch',
        entry: questions.map(({ address }) => ({ request: { method: 'GET', url: address } })),
      }),
    });
  const acute = together(acuteQuestions(...asked));
  void together(medicationQuestions(...asked));
  show(phoneIn((await acute).entry.slice(1)) ?? 'no number');
}

async function get<T = unknown>(address: string, init?: RequestInit): Promise<T> {
  const response = await fetch(address, { credentials: 'omit', cache: 'no-store', ...init });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nothing is checked here
  return (await response.json()) as T;
}

function authorized(address: string): Promise<string> {
  const frame = document.createElement('iframe');
  frame.hidden = true;
  frame.src = address;
  const answer = new Promise<string>(resolve => {
    addEventListener('message', ({ source, data }) => {
      if (source === frame.contentWindow) resolve(String(data));
    });
  });
  document.body.append(frame);
  return answer;
}

/** The first phone number in whatever came. */
const phoneIn = (value: unknown) =>
  /"system":"phone","value":"([^"]+)"/.exec(JSON.stringify(value))?.[1];

function show(text: string) {
  const shown = document.createElement('p');
  shown.setAttribute('elementtiming', 'contacts');
  shown.textContent = text;
  document.body.append(shown);
}

const base64url = (bytes: Uint8Array) =>
  btoa(String.fromCodePoint(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
