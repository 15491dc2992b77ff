import type { Access, FhirRequest, FhirResponse, FhirServer, Intercept } from '../types.ts';
import type { Clock } from './clock.ts';
import type { Endpoints } from './discovery.ts';
import { bodyOf, isPatchOrWrite, notAcceptable } from './fhir-message.ts';
import type { Grant, Grants } from './grants.ts';
import { FHIR_JSON, refuse } from './outcome.ts';

/** One line of a batch and what became of it, for the log. */
export interface BatchLine {
  readonly method: string;
  readonly url: string;
  readonly status: number;
}

/** What the front desk wants to know and change while one request passes. */
export interface Passage {
  readonly intercept: Intercept;
  readonly lines: (lines: readonly BatchLine[]) => void;
}

export interface FhirDoorOptions {
  readonly at: Endpoints;
  readonly server: FhirServer;
  readonly grants: Grants;
  readonly idleClock: Clock;
  /** A session has changed something at its own time. */
  readonly wrote: (grant: Grant) => void;
}

export type FhirDoor = (request: Request, passage: Passage) => Promise<Response>;

/** SMART 2.2, "Access FHIR API": no token, no answer; only the CapabilityStatement is for everyone. */
export function fhirDoor(options: FhirDoorOptions): FhirDoor {
  const { at, server, grants, idleClock, wrote } = options;

  return async (request, passage) => {
    const url = new URL(request.url);
    const path = decoded(url.pathname.slice(new URL(at.fhirBase).pathname.length + 1));
    if (path === undefined)
      return refuse(400, 'invalid', 'The path is not valid percent-encoding.');
    const refusal = notAcceptable(request, path, url.searchParams);
    if (refusal) return refusal;

    if (path === 'metadata') {
      const access = {
        user: undefined,
        patient: undefined,
        scopes: [],
        purpose: undefined,
        now: idleClock,
      };
      const asked = {
        method: request.method,
        path,
        query: url.searchParams,
        headers: request.headers,
        body: undefined,
      };
      const answer = await server.handle(asked, access);
      return written({ ...answer, body: withSecurity(answer.body, at) }, request);
    }

    const bearer = bearerOf(request);
    if (!bearer) return unauthorized('Send a Bearer token in the Authorization header.');
    const token = grants.access(bearer);
    if (!token)
      return unauthorized('The access token is unknown, expired or revoked.', 'invalid_token');
    const { grant, scopes } = token;
    const { user, patient, purpose, clock } = grant.context;
    const access: Access = {
      user: user.id,
      patient: patient?.patientId,
      scopes,
      purpose,
      now: clock,
    };

    const read = await bodyOf(request, path);
    if (read instanceof Response) return read;
    const form = new URLSearchParams([...url.searchParams, ...read.form]);
    const asked = asSearch({
      method: request.method,
      path,
      query: form,
      headers: request.headers,
      body: read.body,
    });
    const isBundle = asked.path === '' && asked.method === 'POST';
    const answer = await server.handle(asked, access, isBundle ? passage.intercept : undefined);
    if (isBundle) passage.lines(batchLines(asked.body, answer.body));
    if (isPatchOrWrite(asked) && answer.status < 300) wrote(grant);
    return written(answer, request);
  };
}

export const bearerOf = (request: Request) =>
  /^Bearer ([A-Za-z0-9._~+/-]+=*)$/i.exec(request.headers.get('authorization') ?? '')?.[1];

/** RFC 6750, 3: without any token the challenge carries no error code. */
export function unauthorized(diagnostics: string, error?: string): Response {
  const challenge = `Bearer realm="sideplan-sandbox"${error ? `, error="${error}", error_description="${diagnostics}"` : ''}`;
  return refuse(401, error ? 'expired' : 'login', diagnostics, { 'WWW-Authenticate': challenge });
}

/** FHIR R4, 3.1.1.1: POST to `_search` means the same as GET; the store need know only one. */
function asSearch(asked: FhirRequest): FhirRequest {
  if (asked.method !== 'POST' || !/(^|\/)_search$/.test(asked.path)) return asked;
  return { ...asked, method: 'GET', path: asked.path.replace(/\/?_search$/, '') };
}

function written(answer: FhirResponse, request: Request): Response {
  const headers = new Headers({ 'Cache-Control': 'no-store', ...answer.headers });
  if (answer.body === undefined) return new Response(null, { status: answer.status, headers });
  const raw = rawBinary(answer.body, request.headers.get('accept') ?? '');
  if (raw) {
    headers.set('Content-Type', raw.type);
    return new Response(raw.bytes, { status: answer.status, headers });
  }
  if (!headers.has('Content-Type')) headers.set('Content-Type', FHIR_JSON);
  const text = request.method === 'HEAD' ? null : JSON.stringify(answer.body);
  return new Response(text, { status: answer.status, headers });
}

/** FHIR R4, Binary: asked for its own type, it comes as bytes; asked for FHIR, as a resource. */
function rawBinary(body: unknown, accept: string) {
  const { resourceType, contentType, data } = fields(body);
  if (resourceType !== 'Binary' || typeof contentType !== 'string' || typeof data !== 'string')
    return undefined;
  if (!accept.split(',').some(one => one.split(';')[0]?.trim() === contentType)) return undefined;
  return { type: contentType, bytes: Uint8Array.from(Buffer.from(data, 'base64')) };
}

function batchLines(asked: unknown, answered: unknown): readonly BatchLine[] {
  const [questions, answers] = [fields(asked)['entry'], fields(answered)['entry']];
  if (!Array.isArray(questions)) return [];
  return questions.map((question: unknown, index) => {
    const { method, url } = fields(fields(question)['request']);
    const answer: unknown = Array.isArray(answers) ? answers[index] : undefined;
    const status = Number.parseInt(String(fields(fields(answer)['response'])['status']), 10);
    return { method: String(method), url: String(url), status: Number.isNaN(status) ? 0 : status };
  });
}

/** SMART 2.2 lets older clients find the endpoints here; the store cannot know them. */
function withSecurity(capability: unknown, at: Endpoints): unknown {
  const { rest } = fields(capability);
  if (!Array.isArray(rest)) return capability;
  const [first, ...more]: unknown[] = rest;
  const security = {
    cors: true,
    service: [
      {
        coding: [
          {
            system: 'http://terminology.hl7.org/CodeSystem/restful-security-service',
            code: 'SMART-on-FHIR',
          },
        ],
      },
    ],
    extension: [
      {
        url: 'http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris',
        extension: [
          uri('authorize', at.authorize),
          uri('token', at.token),
          uri('introspect', at.introspect),
          uri('revoke', at.revoke),
        ],
      },
    ],
  };
  return { ...fields(capability), rest: [{ ...fields(first), security }, ...more] };
}

const uri = (url: string, valueUri: string) => ({ url, valueUri });

function fields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path).replace(/\/$/, '');
  } catch {
    return undefined;
  }
}
