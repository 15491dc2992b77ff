import { isRaw, type Raw } from '../fhir/ask.ts';
import type { NewResource, Proposal, Write } from '../fhir/proposal.ts';
import { withSettings } from '../fhir/proposal.ts';
import { localRef } from '../fhir/references.ts';
import { grants } from '../fhir/scopes.ts';
import { etagOf, type WriteRequest } from '../fhir/write.ts';
import type { Choice } from './delivered.ts';
import { baseOf, type Delivery, keyOf, typeOf } from './delivery.ts';

export const URN = 'urn:uuid:';
const UUID_SYSTEM = 'urn:ietf:rfc:3986';

/** R4: no `identifier` at all, so nothing to make them conditionally by (SAFETY 1.4). */
const UNNAMED: ReadonlySet<string> = new Set(['AuditEvent', 'Binary', 'Provenance']);
/** R4: one `identifier`, not a list. */
const NAMED_ONCE: ReadonlySet<string> = new Set(['Bundle', 'Composition', 'QuestionnaireResponse']);

export const isNamed = (type: string): boolean => !UNNAMED.has(type);

/** A token of a search on the identifier every new resource gets. */
export const identifierToken = (uuid: string): string => `${UUID_SYSTEM}|${URN}${uuid}`;

export function carries(resource: Raw, uuid: string): boolean {
  const identifier = resource['identifier'];
  const all: readonly unknown[] = Array.isArray(identifier) ? identifier : [identifier];
  return all.some(each => isRaw(each) && each['value'] === URN + uuid);
}

/** The whole resource as it is to be on the server, but for its id there; references as far as they are known. */
export function contentOf(delivery: Delivery, one: Write): Raw {
  if (one.kind === 'changed') {
    const { sets } = one;
    const known = sets.map(set => ({ ...set, value: resolved(delivery, set.value) }));
    return withSettings(baseOf(delivery, one).resource, known);
  }
  return rawOf(resolved(delivery, identified(one)));
}

/** How it is sent, best way first: under our own UUID, on condition that it is not there, or once and plainly. */
export function requestOf(delivery: Delivery, one: Write): WriteRequest {
  const type = typeOf(one);
  const body = contentOf(delivery, one);
  if (one.kind === 'changed')
    return {
      method: 'PUT',
      address: one.ref,
      body,
      ifMatch: etagOf(baseOf(delivery, one).version),
    };
  if (isPutThere(delivery, one))
    return {
      method: 'PUT',
      address: `${type}/${one.uuid}`,
      body: { ...body, id: one.uuid },
      ifNoneMatch: '*',
    };
  const ifNoneExist = `identifier=${identifierToken(one.uuid)}`;
  return {
    method: 'POST',
    address: type,
    body,
    ...(isPlain(delivery, one) ? {} : { ifNoneExist }),
  };
}

/** Sent again, it would be there twice. */
export const isPlain = (delivery: Delivery, one: NewResource): boolean =>
  !isPutThere(delivery, one) &&
  !(isNamed(typeOf(one)) && delivery.offer.conditionalCreate(typeOf(one)));

/** SMART App Launch 2.2: making something by `PUT` is an update, and needs the right to update. */
export function isPutThere({ offer, session }: Delivery, one: NewResource): boolean {
  const type = typeOf(one);
  return (
    offer.updateCreate(type) && offer.takes(type, 'update') && grants(session.scopes, type, 'u')
  );
}

/**
 * What of it is to be written, each after what it refers to: a server may refuse a reference to what is not there yet,
 * and may give ids of its own. A shared resource the person left as theirs is left out, and Provenance does not name it.
 */
export function writesOf(
  { writes, bound }: Proposal,
  decided: ReadonlyMap<string, Choice>,
): readonly Write[] {
  const left = new Set(
    [...decided].filter(([, how]) => how === 'leave-theirs').map(([ref]) => ref),
  );
  const waiting = writes
    .filter(one => one.kind === 'new' || !left.has(one.ref))
    .flatMap(one =>
      one.kind === 'new' && left.size > 0 ? withoutTargets(one, left, bound.iss) : one,
    );
  const ordered: Write[] = [];
  while (waiting.length > 0) {
    const open = new Set(waiting.flatMap(one => (one.kind === 'new' ? one.uuid : [])));
    const next = waiting.findIndex(one => uuidsIn(one).every(uuid => !open.has(uuid)));
    const [one] = next < 0 ? [] : waiting.splice(next, 1);
    if (!one) throw new Error('The writes of a proposal refer to each other in a ring');
    ordered.push(one);
  }
  return ordered;
}

function withoutTargets(one: NewResource, left: ReadonlySet<string>, iss: string): Write[] {
  const { target } = one.resource;
  if (typeOf(one) !== 'Provenance' || !Array.isArray(target)) return [one];
  const named = target.filter((each: unknown) => {
    const reference = isRaw(each) ? each['reference'] : undefined;
    return typeof reference !== 'string' || !left.has(localRef(iss, reference) ?? reference);
  });
  return named.length === 0 ? [] : [{ ...one, resource: { ...one.resource, target: named } }];
}

/** With the identifier it is found by, where R4 has room for one; references as they were made. */
export function identified({ uuid, resource }: NewResource): Raw {
  const type = String(resource['resourceType']);
  if (!isNamed(type) || carries(resource, uuid)) return resource;
  const identifier = { system: UUID_SYSTEM, value: URN + uuid };
  const others: readonly unknown[] = Array.isArray(resource['identifier'])
    ? resource['identifier']
    : [];
  return {
    ...resource,
    identifier: NAMED_ONCE.has(type) ? identifier : [...others, identifier],
  };
}

/** Where another new resource of the proposal is, or is going to be. */
export const whereIs = (delivery: Delivery, uuid: string): string | undefined => {
  const there = delivery.done.get(uuid)?.ref;
  if (there !== undefined) return there;
  const one = delivery.writes.find(each => each.kind === 'new' && each.uuid === uuid);
  return one?.kind === 'new' && isPutThere(delivery, one) ? `${typeOf(one)}/${uuid}` : undefined;
};

/** Only where an address stands: the same `urn:uuid:` in an Identifier is a name, and stays (R4, transaction rules). */
const ADDRESS: ReadonlySet<string> = new Set(['reference', 'url', 'valueUri', 'valueUrl']);

function resolved(delivery: Delivery, value: unknown): unknown {
  return walk(value, '', uuid => whereIs(delivery, uuid));
}

function walk(value: unknown, field: string, known: (uuid: string) => string | undefined): unknown {
  if (Array.isArray(value)) return value.map((each: unknown) => walk(each, field, known));
  if (isRaw(value))
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => [name, walk(each, name, known)]),
    );
  if (typeof value !== 'string' || !ADDRESS.has(field) || !value.startsWith(URN)) return value;
  return known(value.slice(URN.length)) ?? value;
}

function uuidsIn(one: Write): readonly string[] {
  const found: string[] = [];
  const content = one.kind === 'new' ? one.resource : one.sets.map(({ value }) => value);
  walk(content, '', uuid => {
    if (uuid !== keyOf(one)) found.push(uuid);
    return undefined;
  });
  return found;
}

const rawOf = (value: unknown): Raw => (isRaw(value) ? value : {});
