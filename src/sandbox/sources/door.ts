import { systems } from '../demo/fhir.ts';
import type { DemoPatient } from '../demo/source.ts';
import { bearerOf, unauthorized } from '../smart/fhir-door.ts';
import type { Grants } from '../smart/grants.ts';
import { accessRefusal, Refusal, refusal, responseOf } from '../store/outcome.ts';
import type { Access, Policy, Resource } from '../types.ts';
import { kj } from './kj.ts';
import { nilar } from './nilar.ts';
import { isPlainJson, type SourceKey, sourceAt } from './paths.ts';
import { pjd } from './pjd.ts';
import { planer } from './planer.ts';
import { pmd } from './pmd.ts';
import { sfm } from './sfm.ts';
import { jsonAnswer, type NationalId, type Question, type Source } from './source.ts';
import type { Switches } from './switches.ts';

export interface SourcesDoorOptions {
  readonly ehrOrigin: string;
  readonly grants: Grants;
  readonly switches: Switches;
  readonly policy: Policy;
  /** Whether a user's role reaches this type of this patient's outside the EHR. */
  readonly mayAsk: (user: string | undefined, patientId: string, type: string) => boolean;
  /** The EHR's Patient resource, which knows the national id. */
  readonly patientAt: (patientId: string) => Resource | undefined;
  readonly storyOf: (patientId: string) => DemoPatient | undefined;
}

/**
 * The deploying organisation's thin backend, and the national sources behind it.
 *
 * Every refusal is an OperationOutcome, or `{message}` where a source speaks NHN's own JSON: 503 switched
 * off, 401 no token, 403 blocked, role, or another patient than the token's.
 */
export function sourcesDoor(options: SourcesDoorOptions) {
  const sources: Readonly<Record<SourceKey, Source>> = {
    kj,
    sfm,
    pjd,
    nilar: nilar(),
    pmd: pmd(),
    planer,
  };

  return async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url);
    const key = sourceAt(pathname);
    try {
      if (!key) throw refusal(404, 'not-found', `There is no source at ${pathname}.`);
      if (options.switches.state(key) === 'off')
        throw refusal(503, 'transient', 'This source is switched off and does not answer.');
      const access = accessOf(request, options.grants);
      if (access instanceof Response) return isPlainJson(pathname) ? withMessage(access) : access;
      const source = sources[key];
      return await source.answer(asked(request, key, source, access, options));
    } catch (error) {
      if (error instanceof Refusal) return refused(error, pathname);
      throw error;
    }
  };
}

function accessOf(request: Request, grants: Grants): Access | Response {
  const bearer = bearerOf(request);
  if (!bearer) return unauthorized('Send a Bearer token in the Authorization header.');
  const token = grants.access(bearer);
  if (!token)
    return unauthorized('The access token is unknown, expired or revoked.', 'invalid_token');
  const { user, patient, purpose, clock } = token.grant.context;
  return {
    user: user.id,
    patient: patient?.patientId,
    scopes: token.scopes,
    purpose,
    now: clock,
  };
}

function asked(
  request: Request,
  key: SourceKey,
  source: Source,
  access: Access,
  { ehrOrigin, switches, policy, mayAsk, patientAt, storyOf }: SourcesDoorOptions,
): Question {
  const url = new URL(request.url);
  demandNobodyIn(url);
  const { patient } = access;
  if (patient === undefined)
    throw refusal(403, 'forbidden', 'The token has no patient in context.');
  if (policy.blocked(access, patient))
    throw accessRefusal('forbidden', 'blocked', 'The patient has blocked this user.');
  if (!mayAsk(access.user, patient, source.type))
    throw refusal(403, 'forbidden', `This user's role does not give access to ${key}.`);
  const resource = patientAt(patient);
  const own = nationalIds(resource);
  const [identifier] = own;
  if (!identifier) throw refusal(403, 'forbidden', 'The patient in context has no national id.');
  const story = storyOf(patient);
  return {
    request,
    path: url.pathname.slice(key.length + 2),
    query: url.searchParams,
    base: `${ehrOrigin}/${key}`,
    access,
    story,
    subject: { identifier, display: story?.name ?? 'Pasienten' },
    sees: one => policy.sees(access, one),
    silent: switches.state(key) === 'silent',
    demandPatient(named) {
      if (!named?.value)
        throw refusal(400, 'required', 'The patient is named by national id, in body or header.');
      const same = own.some(
        ({ system, value }) =>
          value === named.value && (named.system === undefined || system === named.system),
      );
      if (!same)
        throw refusal(403, 'forbidden', 'The token belongs to another patient than the one named.');
    },
  };
}

/** SAFETY TM05: addresses end up in logs and histories, so a national id in one is refused, whoever's it is. */
function demandNobodyIn({ pathname, search }: URL): void {
  // Each byte by itself: an address that is no valid UTF-8 is still looked through.
  const plain = `${pathname}${search}`.replaceAll(/%([\dA-F]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  if (/(?<![\dA-Fa-f-])\d{11}(?![\dA-Fa-f-])/.test(plain))
    throw refusal(400, 'invalid', 'A national id must not stand in an address.');
}

function nationalIds(patient: Resource | undefined): readonly NationalId[] {
  const given: unknown = patient?.['identifier'];
  const list: readonly unknown[] = Array.isArray(given) ? given : [];
  return list.flatMap(one => {
    if (typeof one !== 'object' || one === null) return [];
    const { system, value }: { system?: unknown; value?: unknown } = one;
    const known = system === systems.fnr || system === systems.dnr;
    return known && typeof value === 'string' ? [{ system, value }] : [];
  });
}

/** Who blocks whom is said in the same words everywhere; other refusals of plain JSON are a message. */
function refused(error: Refusal, pathname: string): Response {
  const { status, headers, body } = responseOf(error);
  if (!isPlainJson(pathname) || error.issues.some(({ details }) => details))
    return new Response(JSON.stringify(body), { status, headers });
  return jsonAnswer({ message: error.message }, status);
}

function withMessage(refusal401: Response): Response {
  const answer = jsonAnswer({ message: 'Send a valid Bearer token.' }, refusal401.status);
  const challenge = refusal401.headers.get('WWW-Authenticate');
  if (challenge) answer.headers.set('WWW-Authenticate', challenge);
  return answer;
}
