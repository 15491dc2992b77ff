/** What the server can do. There are servers that do less than ours, and some that say more than they do. */
import type { FhirRequest } from '../types.ts';
import { type Refusal, refusal } from './outcome.ts';
import { interactionOf } from './request.ts';

export interface Abilities {
  /** `as-batch`: says that it has them, and runs each entry by itself, refusals inside a 200. */
  readonly transactions: boolean | 'as-batch';
  /** `PUT Type/<an id that is not there>` makes it. */
  readonly updateCreate: boolean;
  /** Without it, `If-None-Exist` is passed over in silence. */
  readonly conditionalCreate: boolean;
  /** Types that may be written; undefined = all that are kept. */
  readonly takes: readonly string[] | undefined;
  /** Between looking whether a resource is there and making it: two at once can both find nothing. */
  readonly raceMs: number;
  /** A PUT that names no version is refused with 428. */
  readonly rejectBlindPut: boolean;
}

export const ALL_ABILITIES: Abilities = {
  transactions: true,
  updateCreate: true,
  conditionalCreate: true,
  takes: undefined,
  raceMs: 0,
  rejectBlindPut: false,
};

export const mayWrite = ({ takes }: Abilities, type: string): boolean =>
  takes?.includes(type) ?? true;

/** Undefined: it may go on. `exists`: something is there under this address. */
export function notAble(
  request: FhirRequest,
  abilities: Abilities,
  exists: (key: string) => boolean,
): Refusal | undefined {
  const asked = interactionOf(request);
  const writes = ['create', 'update', 'update-matching'].includes(asked.kind);
  if (writes && 'type' in asked && !mayWrite(abilities, asked.type))
    return refusal(405, 'not-supported', `${asked.type} cannot be written to this server.`);
  if (asked.kind !== 'update') return undefined;
  const { headers } = request;
  if (abilities.rejectBlindPut && !headers.has('If-Match') && !headers.has('If-None-Match'))
    return refusal(428, 'required', 'An update must name the version it was made on (If-Match).');
  if (!abilities.updateCreate && !exists(`${asked.type}/${asked.id}`)) {
    const says = `There is no ${asked.type}/${asked.id}, and this server chooses ids itself.`;
    return refusal(405, 'not-supported', says);
  }
  return undefined;
}

/** A header that is not understood is passed over. */
export const heard = (request: FhirRequest, { conditionalCreate }: Abilities): FhirRequest =>
  conditionalCreate ? request : without(request, 'If-None-Exist');

/**
 * Looks first and writes later, without looking again (hapi-fhir#3141). `isMade` looks, and may refuse; what it
 * refuses is refused again when it is written.
 */
export async function raced(
  requests: readonly FhirRequest[],
  { raceMs }: Abilities,
  isMade: (request: FhirRequest) => boolean,
): Promise<readonly FhirRequest[]> {
  if (raceMs === 0 || !requests.some(asks)) return requests;
  const found = requests.map(each => asks(each) && isMade(each));
  await new Promise(resolve => {
    setTimeout(resolve, raceMs);
  });
  return requests.map((each, index) =>
    found[index] ? each : without(each, 'If-None-Exist', 'If-None-Match'),
  );
}

const asks = ({ headers }: FhirRequest) =>
  headers.has('If-None-Exist') || headers.get('If-None-Match') === '*';

function without(request: FhirRequest, ...names: readonly string[]): FhirRequest {
  const headers = new Headers(request.headers);
  for (const name of names) headers.delete(name);
  return { ...request, headers };
}
