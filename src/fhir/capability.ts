import { z } from 'zod/mini';
import { parseObject } from './ask.ts';
import { flag, text } from './shapes.ts';

/** What a server says it offers, as far as Sideplan's loading depends on it (R4, CapabilityStatement). */
export interface ServerOffer {
  /** False: it did not say, or could not be read. Then nothing is assumed and everything is tried singly. */
  readonly known: boolean;
  readonly batch: boolean;
  readonly has: (type: string) => boolean;
  /** May `_include=value` be sent on a search of this type? */
  readonly includes: (type: string, value: string) => boolean;
  readonly searches: (type: string, parameter: string) => boolean;
  /** All or nothing in one request. */
  readonly transaction: boolean;
  /** May resources of this type be made, or changed? What does not say is taken to be able to. */
  readonly takes: (type: string, interaction: 'create' | 'update') => boolean;
  /** `PUT Type/<id of ours>` makes it. */
  readonly updateCreate: (type: string) => boolean;
  /** `If-None-Exist` is understood. Where it is not, it is passed over in silence, and a copy is made. */
  readonly conditionalCreate: (type: string) => boolean;
}

const Statement = z.looseObject({
  resourceType: z.literal('CapabilityStatement'),
  fhirVersion: text,
  rest: z.optional(
    z.array(
      z.looseObject({
        mode: text,
        interaction: z.optional(z.array(z.looseObject({ code: text }))),
        resource: z.optional(
          z.array(
            z.looseObject({
              type: z.string(),
              searchInclude: z.optional(z.array(z.string())),
              interaction: z.optional(z.array(z.looseObject({ code: text }))),
              updateCreate: flag,
              conditionalCreate: flag,
              searchParam: z.optional(z.array(z.looseObject({ name: text }))),
            }),
          ),
        ),
      }),
    ),
  ),
});

const yes = () => true;
const no = () => false;

/** Assume little: every type may exist, nothing may be combined. */
export const unknownOffer: ServerOffer = {
  known: false,
  batch: false,
  has: yes,
  includes: no,
  searches: no,
  transaction: false,
  takes: yes,
  updateCreate: no,
  conditionalCreate: no,
};

/**
 * Reads `/metadata` (R4 «capabilities»). Needs no token and is sent without one, so that it can run beside the token
 * request. A server that cannot say what it offers, or takes its
 * time, is still used, carefully: nobody's phone number waits for a description.
 */
export async function readOffer(
  iss: string,
  fetch: (request: Request) => Promise<Response>,
  headers: Readonly<Record<string, string>>,
): Promise<ServerOffer> {
  try {
    const response = await fetch(
      new Request(`${iss}/metadata`, {
        headers: { ...headers, accept: 'application/fhir+json' },
        cache: 'no-store',
        credentials: 'omit',
        redirect: 'error',
        referrerPolicy: 'no-referrer',
        signal: AbortSignal.timeout(2_500),
      }),
    );
    const parsed = parseObject(await response.text());
    const statement = parsed.ok ? Statement.safeParse(parsed.value) : undefined;
    return response.ok && statement?.success ? offerOf(statement.data) : unknownOffer;
  } catch {
    // Asking what a server offers is a courtesy: every search still gets its own answer or its own failure.
    return unknownOffer;
  }
}

function offerOf(statement: z.output<typeof Statement>): ServerOffer {
  const server = statement.rest?.find(rest => rest.mode !== 'client');
  const resources = new Map((server?.resource ?? []).map(resource => [resource.type, resource]));
  if (resources.size === 0) return unknownOffer;
  const interactions = new Set(server?.interaction?.map(({ code }) => code));
  return {
    known: true,
    batch: interactions.has('batch') || interactions.has('transaction'),
    has: type => resources.has(type),
    includes(type, value) {
      const declared = resources.get(type)?.searchInclude ?? [];
      return declared.includes('*') || declared.includes(value);
    },
    searches: (type, parameter) =>
      resources.get(type)?.searchParam?.some(({ name }) => name === parameter) ?? false,
    transaction: interactions.has('transaction'),
    takes: (type, interaction) =>
      resources.get(type)?.interaction?.some(({ code }) => code === interaction) ??
      resources.has(type),
    updateCreate: type => resources.get(type)?.updateCreate === true,
    conditionalCreate: type => resources.get(type)?.conditionalCreate === true,
  };
}
