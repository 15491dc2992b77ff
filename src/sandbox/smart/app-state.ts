import { type Context, Hono } from 'hono';
import { bearerOf, unauthorized } from './fhir-door.ts';
import type { Grant, Grants } from './grants.ts';
import { FHIR_JSON, refuse } from './outcome.ts';

export interface AppStateOptions {
  readonly fhirBase: string;
  readonly grants: Grants;
}

interface Kept {
  readonly resource: Readonly<Record<string, unknown>> & { readonly id: string };
  readonly version: number;
  readonly code: string;
  readonly subject: string;
}

const LARGEST = 256_000;

/**
 * SMART App Launch 2.2, «Persisting App State»: a FHIR base of its own that knows `Basic` only. Here a user reaches
 * what is about herself and nothing else, by a scope that names the code, and there is one resource of each.
 */
export function appState({ fhirBase, grants }: AppStateOptions): Hono {
  const kept = new Map<string, Kept>();
  let made = 0;

  /** The subject this token may speak of; a Response where it may not. */
  function allowed(c: Context, letter: 'c' | 'u' | 'd' | 's', code: string): Grant | Response {
    const token = grants.access(bearerOf(c.req.raw) ?? '');
    if (!token) return unauthorized('App state asks for an access token.');
    const covered = token.scopes.some(scope => {
      const [, letters, of] = /^user\/Basic\.([cruds]+)\?code=(.+)$/.exec(scope) ?? [];
      return of === code && letters?.includes(letter);
    });
    if (!covered) return refuse(403, 'forbidden', 'No scope for app state of this code.');
    return token.grant;
  }

  const subjectOf = ({ context }: Grant) => `${fhirBase}/${context.user.fhirUser}`;
  const found = (code: string, subject: string) =>
    [...kept.values()].find(one => one.code === code && one.subject === subject);

  function answer({ resource, version }: Kept, status: 200 | 201): Response {
    const body = { ...resource, meta: { versionId: String(version) } };
    return new Response(JSON.stringify(body), {
      status,
      headers: { 'Content-Type': FHIR_JSON, 'Cache-Control': 'no-store', ETag: `W/"${version}"` },
    });
  }

  return new Hono()
    .get('/appstate/Basic', c => {
      const [code, subject] = [c.req.query('code') ?? '', c.req.query('subject') ?? ''];
      const grant = allowed(c, 's', code);
      if (grant instanceof Response) return grant;
      if (subject !== subjectOf(grant))
        return refuse(403, 'forbidden', 'App state of somebody else, or of everybody.');
      const one = found(code, subject);
      const entry = one
        ? [{ resource: { ...one.resource, meta: { versionId: String(one.version) } } }]
        : [];
      return c.json({ resourceType: 'Bundle', type: 'searchset', total: entry.length, entry });
    })
    .post('/appstate/Basic', async c => {
      const sent = await basicIn(c);
      if (sent instanceof Response) return sent;
      const grant = allowed(c, 'c', sent.code);
      if (grant instanceof Response) return grant;
      if (sent.subject !== subjectOf(grant))
        return refuse(403, 'forbidden', 'App state of somebody else, or of everybody.');
      if ('id' in sent.resource) return refuse(400, 'invalid', 'Basic.id is given by the server.');
      const there = found(sent.code, sent.subject);
      if (there)
        return c.req.header('if-none-exist')
          ? answer(there, 200)
          : refuse(422, 'too-costly', 'There is one of this code and subject already.');
      made += 1;
      const one = { ...sent, resource: { ...sent.resource, id: String(made) }, version: 1 };
      kept.set(one.resource.id, one);
      return answer(one, 201);
    })
    .put('/appstate/Basic/:id', async c => {
      const sent = await basicIn(c);
      if (sent instanceof Response) return sent;
      const grant = allowed(c, 'u', sent.code);
      if (grant instanceof Response) return grant;
      const id = c.req.param('id');
      const there = kept.get(id);
      if (!there || there.subject !== subjectOf(grant))
        return refuse(412, 'conflict', 'There is no such app state.');
      const match = c.req.header('if-match');
      if (!match) return refuse(428, 'required', 'Send If-Match.');
      if (match !== `W/"${there.version}"` || sent.subject !== there.subject)
        return refuse(412, 'conflict', 'It has changed meanwhile.');
      const one = { ...sent, resource: { ...sent.resource, id }, version: there.version + 1 };
      kept.set(id, one);
      return answer(one, 200);
    });
}

type Sent = Pick<Kept, 'code' | 'subject'> & {
  readonly resource: Readonly<Record<string, unknown>>;
};

/** What the specification demands of a `Basic`: one coding, an absolute subject, texts only, not too large. */
async function basicIn(c: Context): Promise<Sent | Response> {
  const text = await c.req.text();
  if (text.length > LARGEST) return refuse(413, 'too-long', 'App state is at most 256 kB.');
  let resource: Record<string, unknown>;
  try {
    resource = fields(JSON.parse(text));
  } catch {
    return refuse(400, 'structure', 'The body is not valid JSON.');
  }
  const { meta: _, ...rest } = resource;
  const coding = listOf(fields(resource['code'])['coding']).map(fields);
  const [first] = coding;
  const subject = fields(resource['subject'])['reference'];
  const texts = listOf(resource['extension']).map(fields);
  if (resource['resourceType'] !== 'Basic' || coding.length !== 1 || !first)
    return refuse(400, 'invalid', 'App state is a Basic with exactly one coding.');
  if (typeof subject !== 'string' || !URL.canParse(subject))
    return refuse(400, 'invalid', 'Basic.subject is an absolute reference.');
  if (!texts.every(one => typeof one['valueString'] === 'string'))
    return refuse(400, 'invalid', 'Extensions of app state are texts.');
  return { resource: rest, subject, code: `${String(first['system'])}|${String(first['code'])}` };
}

const fields = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
