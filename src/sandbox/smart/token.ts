import { type Context, Hono } from 'hono';
import type { Resource } from '../types.ts';
import type { Endpoints } from './discovery.ts';
import { type Grant, isRefusal, type Refusal, type Tokens } from './grants.ts';
import type { Identity } from './identity.ts';
import type { Hosted } from './launches.ts';
import type { SmartOptions } from './options.ts';
import { scopesIn } from './scopes.ts';

const NO_STORE = { 'Cache-Control': 'no-store', Pragma: 'no-cache' };

/** Token, introspection and revocation endpoint. */
export function tokenRoutes(options: SmartOptions, identity: Identity): Hono {
  const { grants, at, clients } = options;
  const isClient = (id: string) => clients.some(client => client.id === id);

  /** RFC 6749, 3.2: form-encoded, each parameter once, and a public client names itself. */
  async function readForm(c: Context): Promise<URLSearchParams | Refusal> {
    const type = c.req.header('content-type') ?? '';
    if (!/^application\/x-www-form-urlencoded\b/i.test(type)) {
      return { error: 'invalid_request', description: 'Send application/x-www-form-urlencoded.' };
    }
    const form = new URLSearchParams(await c.req.text());
    const names = [...form.keys()];
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice) return { error: 'invalid_request', description: `${twice} appears more than once.` };
    if (c.req.header('authorization')) {
      return {
        error: 'invalid_client',
        description: 'A public client has no secret; send client_id in the form.',
      };
    }
    if (!form.get('client_id'))
      return { error: 'invalid_request', description: 'client_id is missing.' };
    if (!isClient(form.get('client_id') ?? '')) {
      return { error: 'invalid_client', description: 'The client is not registered here.' };
    }
    return form;
  }

  function exchange(form: URLSearchParams): Tokens | Refusal {
    const [clientId, kind] = [form.get('client_id') ?? '', form.get('grant_type')];
    if (kind === 'refresh_token') {
      const token = form.get('refresh_token');
      if (!token) return missing('refresh_token');
      const scope = form.get('scope');
      return grants.refresh(token, clientId, scope ? scopesIn(scope) : undefined);
    }
    if (kind !== 'authorization_code') {
      return {
        error: 'unsupported_grant_type',
        description: 'grant_type must be authorization_code or refresh_token.',
      };
    }
    const [code, redirectUri] = [form.get('code'), form.get('redirect_uri')];
    const verifier = form.get('code_verifier');
    if (!code) return missing('code');
    if (!redirectUri) return missing('redirect_uri');
    if (!verifier) return missing('code_verifier');
    return grants.redeem({ code, clientId, redirectUri, verifier });
  }

  /** SMART 2.2, "Obtain access token": the launch context beside the token, again at each refresh. */
  function contextFields({ context, scopes }: Grant) {
    const { patient, banner, intent, purpose, user, hosted } = context;
    const encounter =
      patient && scopes.includes('launch')
        ? openEncounter(options.resources('Encounter'), patient.patientId)
        : undefined;
    const role = roleOf(options.resources('PractitionerRole'), user.fhirUser);
    return {
      ...(patient ? { patient: patient.patientId } : {}),
      ...(encounter ? { encounter } : {}),
      need_patient_banner: banner,
      smart_style_url: at.style,
      ...(intent ? { intent } : {}),
      // Never the patient or the encounter, which have fields of their own.
      ...(role ? { fhirContext: [{ reference: `PractitionerRole/${role}` }] } : {}),
      ...(purpose ? { purpose_of_use: purpose } : {}),
      ...(hosted ? hostedFields(hosted, at) : {}),
    };
  }

  async function issue(c: Context) {
    const form = await readForm(c);
    if (isRefusal(form)) return refuse(c, form);
    const tokens = exchange(form);
    if (isRefusal(tokens)) return refuse(c, tokens);
    const { grant, scopes, accessToken, refreshToken, expiresIn } = tokens;
    const first = form.get('grant_type') === 'authorization_code';
    const body = {
      access_token: accessToken,
      token_type: 'Bearer',
      expires_in: expiresIn,
      scope: scopes.join(' '),
      ...contextFields(grant),
      ...(first && scopes.includes('openid') ? { id_token: await identity.idToken(grant) } : {}),
      ...(refreshToken ? { refresh_token: refreshToken } : {}),
    };
    return c.json(body, 200, { ...NO_STORE, Date: grant.context.clock().toUTCString() });
  }

  /** RFC 7662, with the context fields SMART 2.2 adds. */
  async function introspect(c: Context) {
    const form = await readForm(c);
    if (isRefusal(form)) return refuse(c, form);
    const known = grants.active(form.get('token') ?? '');
    if (!known || known.grant.clientId !== form.get('client_id'))
      return c.json({ active: false }, 200, NO_STORE);
    const { user } = known.grant.context;
    const body = {
      active: true,
      scope: known.scopes.join(' '),
      client_id: known.grant.clientId,
      token_type: 'Bearer',
      exp: Math.floor(known.expires / 1000),
      iat: Math.floor(known.issued / 1000),
      iss: at.fhirBase,
      sub: user.id,
      fhirUser: `${at.fhirBase}/${user.fhirUser}`,
      ...contextFields(known.grant),
    };
    return c.json(body, 200, NO_STORE);
  }

  /** RFC 7009, 2.2: 200 also for a token nobody knows. */
  async function revoke(c: Context) {
    const form = await readForm(c);
    if (isRefusal(form)) return refuse(c, form);
    if (!form.get('token'))
      return refuse(c, { error: 'invalid_request', description: 'token is missing.' });
    grants.revoke(form.get('token') ?? '', form.get('client_id') ?? '');
    return c.body(null, 200, NO_STORE);
  }

  return new Hono()
    .post('/auth/token', c => issue(c))
    .post('/auth/introspect', c => introspect(c))
    .post('/auth/revoke', c => revoke(c));
}

const pointsTo = (element: unknown, reference: string) =>
  typeof element === 'object' &&
  element !== null &&
  'reference' in element &&
  element.reference === reference;

/** FHIRcast STU3, 2.1, and SMART Web Messaging: how to follow the chart that opened the app, and talk to it. */
const hostedFields = ({ topic, messagingHandle }: Hosted, { hub }: Endpoints) => ({
  'hub.url': hub,
  'hub.topic': topic,
  smart_web_messaging_handle: messagingHandle,
  smart_web_messaging_origin: new URL(hub).origin,
});

const openEncounter = (encounters: readonly Resource[], patientId: string) =>
  encounters.find(
    one => one['status'] === 'in-progress' && pointsTo(one['subject'], `Patient/${patientId}`),
  )?.id;

const roleOf = (roles: readonly Resource[], practitioner: string) =>
  roles.find(role => pointsTo(role['practitioner'], practitioner))?.id;

const refuse = (c: Context, { error, description }: Refusal) =>
  c.json(
    { error, error_description: description },
    error === 'invalid_client' ? 401 : 400,
    NO_STORE,
  );

const missing = (name: string): Refusal => ({
  error: 'invalid_request',
  description: `${name} is missing.`,
});
