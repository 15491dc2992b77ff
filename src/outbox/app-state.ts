import { z } from 'zod/mini';
import { APP_STATE } from '../fhir/app-state.ts';
import { ask, type Raw } from '../fhir/ask.ts';
import type { Session } from '../fhir/session.ts';
import { CURVE, isDue, kidOf, type RecoveryKey } from './recovery-key.ts';

/** `unanswered`: the server keeps keys, and did not give them just now. `none`: it keeps none. */
export type ServerKeys =
  | { readonly kind: 'keys'; readonly keys: readonly RecoveryKey[] }
  | { readonly kind: 'unanswered' }
  | { readonly kind: 'none' };

const { system: SYSTEM, code: CODE } = APP_STATE;
const KEYS = 'https://example.org/fhir/StructureDefinition/sideplan-outbox-keys';

/** Saving waits for this, so not long. */
const TIMEOUT_MS = 5_000;

const StoredKey = z.object({
  made: z.string(),
  jwk: z.object({
    kty: z.literal('EC'),
    crv: z.literal('P-256'),
    x: z.string(),
    y: z.string(),
    d: z.string(),
  }),
});
type StoredKey = z.output<typeof StoredKey>;
const StoredKeys = z.object({ keys: z.array(StoredKey) });

const Basic = z.looseObject({
  resourceType: z.literal('Basic'),
  id: z.string(),
  meta: z.optional(z.looseObject({ versionId: z.optional(z.string()) })),
  code: z.looseObject({
    coding: z.array(z.looseObject({ system: z.string(), code: z.string() })),
  }),
  subject: z.looseObject({ reference: z.string() }),
  extension: z.array(z.looseObject({ url: z.string(), valueString: z.optional(z.string()) })),
});
const Found = z.looseObject({
  entry: z.optional(z.array(z.looseObject({ resource: z.optional(z.unknown()) }))),
});

interface Held {
  readonly id: string;
  readonly version: string | undefined;
  readonly keys: readonly StoredKey[];
}

/**
 * This person's keys in the EHR's app state (SMART App Launch 2.2, «Persisting App State», experimental): a `Basic` with
 * our code about the user. A new key is added when there is none, or the newest is a month old.
 *
 * Whatever two tabs or two machines write at once, all keys found are used to open and the same one of them to seal, so
 * a race costs a key too many and nothing else.
 */
export async function serverKeys(session: Session): Promise<ServerKeys> {
  const { appState, user, iss, clock, scopes } = session;
  const usable = appState !== undefined && grantsAppState(scopes);
  if (!usable || user.fhirUser === undefined) return { kind: 'none' };
  const subject = URL.canParse(user.fhirUser) ? user.fhirUser : `${iss}/${user.fhirUser}`;
  const there = { ...session, iss: appState };
  const before = await search(there, subject);
  if (!before) return { kind: 'unanswered' };
  const keys = await imported(before);
  if (!isDue(keys, clock.now())) return { kind: 'keys', keys };
  await add(there, subject, before.at(0), await freshKey(clock.now()));
  // Read back: what counts is what the next tab will find.
  const after = await imported((await search(there, subject)) ?? []);
  if (after.length > 0) return { kind: 'keys', keys: after };
  return keys.length > 0 ? { kind: 'keys', keys } : { kind: 'unanswered' };
}

/** Whether these granted scopes let Sideplan look for, make and add to its own app state; a server may grant less than is asked. */
const grantsAppState = (scopes: readonly string[]): boolean =>
  scopes.some(scope => {
    const [, letters, code] = /^user\/(?:Basic|\*)\.(\w+)(?:\?code=(.+))?$/.exec(scope) ?? [];
    const ours = code === undefined || code === `${SYSTEM}|${CODE}`;
    return ours && ['c', 'u', 's'].every(letter => letters?.includes(letter));
  });

const asQuery = (subject: string) =>
  `code=${encodeURIComponent(`${SYSTEM}|${CODE}`)}&subject=${encodeURIComponent(subject)}`;

async function search(there: Session, subject: string): Promise<readonly Held[] | undefined> {
  const answer = await ask(there, `Basic?${asQuery(subject)}`, { timeoutMs: TIMEOUT_MS });
  if (!answer.ok) return undefined;
  const found = Found.safeParse(answer.value);
  return found.data?.entry?.flatMap(({ resource }) => heldIn(resource, subject)) ?? [];
}

/** Somebody else may have written anything there, so nothing is believed that does not look like ours. */
function heldIn(resource: unknown, subject: string): readonly Held[] {
  const { data } = Basic.safeParse(resource);
  if (data?.subject.reference !== subject) return [];
  if (!data.code.coding.some(({ system, code }) => system === SYSTEM && code === CODE)) return [];
  const text = data.extension.find(({ url }) => url === KEYS)?.valueString;
  return [{ id: data.id, version: data.meta?.versionId, keys: keysIn(text ?? '') }];
}

function keysIn(text: string): readonly StoredKey[] {
  try {
    const parsed = StoredKeys.safeParse(JSON.parse(text));
    return parsed.data?.keys ?? [];
  } catch {
    return [];
  }
}

/** How it went is seen by reading back. */
async function add(there: Session, subject: string, to: Held | undefined, key: StoredKey) {
  const resource: Raw = {
    resourceType: 'Basic',
    ...(to ? { id: to.id } : {}),
    code: { coding: [{ system: SYSTEM, code: CODE }] },
    subject: { reference: subject },
    extension: [{ url: KEYS, valueString: JSON.stringify({ keys: [...(to?.keys ?? []), key] }) }],
  };
  await ask(there, to ? `Basic/${to.id}` : 'Basic', {
    method: to ? 'PUT' : 'POST',
    body: JSON.stringify(resource),
    headers: to ? { 'if-match': `W/"${to.version ?? ''}"` } : { 'if-none-exist': asQuery(subject) },
    timeoutMs: TIMEOUT_MS,
  });
}

async function freshKey(now: Date): Promise<StoredKey> {
  const pair = await crypto.subtle.generateKey(CURVE, true, ['deriveBits']);
  const jwk = await crypto.subtle.exportKey('jwk', pair.privateKey);
  return StoredKey.parse({ made: now.toISOString(), jwk });
}

/** From here on the private half is a handle: no script can read it again. */
async function imported(held: readonly Held[]): Promise<readonly RecoveryKey[]> {
  const keys = await Promise.all(held.flatMap(one => one.keys).map(importedKey));
  return keys.filter(key => key !== undefined);
}

async function importedKey({ made, jwk }: StoredKey): Promise<RecoveryKey | undefined> {
  const { d: _, ...open } = jwk;
  try {
    const [publicKey, privateKey] = await Promise.all([
      crypto.subtle.importKey('jwk', open, CURVE, true, []),
      crypto.subtle.importKey('jwk', jwk, CURVE, false, ['deriveBits']),
    ]);
    return { kid: await kidOf(publicKey), made, publicKey, privateKey };
  } catch {
    // Not a point on the curve: somebody has written there.
    return undefined;
  }
}
