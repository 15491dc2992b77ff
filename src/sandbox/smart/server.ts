import { type Context, Hono } from 'hono';
import { type AuthorizeRequest, answerTo, judge } from './authorize.ts';
import { SMART_STYLE, smartConfiguration } from './discovery.ts';
import { createIdentity } from './identity.ts';
import { asPurpose, type LaunchContext, secret } from './launches.ts';
import type { SmartOptions } from './options.ts';
import { choicePage, refusalPage } from './pages.ts';
import { grantable } from './scopes.ts';
import { tokenRoutes } from './token.ts';

const PENDING_LIFETIME_MS = 10 * 60_000;

/** SMART App Launch 2.2 authorization server. An EHR launch sets no cookie and asks nobody anything. */
export function smartServer(options: SmartOptions): Hono {
  const { at, launches, clients, grants, wall } = options;
  const identity = createIdentity(at);
  const pending = new Map<string, { readonly request: AuthorizeRequest; readonly at: number }>();

  const denied = ({ redirectUri, state }: AuthorizeRequest, error_description: string) =>
    answerTo(redirectUri, { error: 'access_denied', error_description, state, iss: at.fhirBase });

  /** Where the browser goes next: back to the app, with a code or with the refusal. */
  async function decided(request: AuthorizeRequest, context: LaunchContext, ehrLaunch: boolean) {
    const { user, patient } = context;
    const reach = patient ? options.reach(user, patient) : 'any';
    if (reach === 'none') return denied(request, 'This user has no access to this patient.');
    const types = await options.types();
    const situation = { ehrLaunch, patientKnown: patient !== undefined, types, reach };
    const granted = grantable(request.scopes, situation);
    const scopes = options.limit(user, granted, patient?.patientId);
    const { clientId, redirectUri, challenge, nonce, state } = request;
    const grant = { clientId, context, scopes, nonce, revoked: false };
    const code = grants.code({ clientId, redirectUri, challenge, grant });
    return answerTo(redirectUri, { code, state, iss: at.fhirBase });
  }

  async function authorize(c: Context, query: URLSearchParams) {
    c.header('Cache-Control', 'no-store');
    c.header('Referrer-Policy', 'no-referrer');
    const verdict = judge(query, at, clients, launches);
    switch (verdict.kind) {
      case 'page':
        c.header('Content-Security-Policy', "default-src 'none'; style-src 'self'; img-src data:");
        return c.html(refusalPage(verdict.message), 400);
      case 'refused':
        return c.redirect(verdict.redirectTo, 303);
      case 'ehr':
        return c.redirect(await decided(verdict.request, verdict.context, true), 303);
      case 'standalone': {
        const id = secret();
        pending.set(id, { request: verdict.request, at: wall().getTime() });
        // Only this page asks for a decision, so only this page may never be framed (clickjacking).
        c.header('X-Frame-Options', 'DENY');
        c.header('Content-Security-Policy', choiceCsp(verdict.request.redirectUri));
        return c.html(choicePage(id, options.users(), options.patients()));
      }
      default:
        return verdict satisfies never;
    }
  }

  async function choose(c: Context) {
    c.header('Cache-Control', 'no-store');
    c.header('Referrer-Policy', 'no-referrer');
    const form = new URLSearchParams(await c.req.text());
    const id = form.get('pending') ?? '';
    const waiting = pending.get(id);
    pending.delete(id);
    if (!waiting || wall().getTime() - waiting.at > PENDING_LIFETIME_MS) {
      return c.html(
        refusalPage('This page has been used or is too old. Start again from the app.'),
        400,
      );
    }
    const { request } = waiting;
    const deny = (why: string) => c.redirect(denied(request, why), 303);
    if (form.get('answer') === 'no') return deny('The user said no.');
    const user = options.users().find(one => one.id === form.get('user'));
    const patient = options.patients().find(one => one.id === form.get('patient'));
    if (!user || (form.get('patient') && !patient)) {
      return deny('No such user or patient.');
    }
    const purpose = asPurpose(form.get('purpose'));
    const clock = options.demoClock();
    const context = {
      user,
      patient,
      purpose,
      clock,
      banner: true,
      intent: undefined,
      demoTime: true,
    };
    return c.redirect(await decided(request, context, false), 303);
  }

  const app = new Hono();
  const configuration = smartConfiguration(at);
  app.get('/fhir/.well-known/smart-configuration', c => c.json(configuration));
  app.get('/fhir/.well-known/openid-configuration', c => c.json(configuration));
  app.get('/ehr/smart-style.json', c => c.json(SMART_STYLE));
  app.get('/auth/jwks', async c => c.json(await identity.jwks()));
  app.get('/auth/authorize', c => authorize(c, new URL(c.req.url).searchParams));
  // SMART 2.2 `authorize-post`: the same fields, form-encoded.
  app.post('/auth/authorize', async c => authorize(c, new URLSearchParams(await c.req.text())));
  app.post('/auth/choose', c => choose(c));
  app.route('/', tokenRoutes(options, identity));
  return app;
}

/** Chrome applies `form-action` to the redirect that follows the form too, so the app's origin has to be in it. */
const choiceCsp = (redirectUri: string) =>
  "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'; " +
  `form-action 'self' ${new URL(redirectUri).origin}`;
