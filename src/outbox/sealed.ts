import { z } from 'zod/mini';
import { checked } from '../fhir/shapes.ts';

/** Bytes in memory of their own, which is all that Web Crypto and IndexedDB take. */
export type Bytes = Uint8Array<ArrayBuffer>;

const Bytes = checked(
  (value): value is Bytes => value instanceof Uint8Array && value.buffer instanceof ArrayBuffer,
);

/** AES-256-GCM: the initialisation vector and the text with its tag. */
export const Sealed = z.object({ iv: Bytes, text: Bytes });
export type Sealed = z.output<typeof Sealed>;

/** A key sealed so that only the private half of another opens it: the one-time public half, and the key. */
export const SealedKey = z.object({ iv: Bytes, text: Bytes, once: Bytes });
export type SealedKey = z.output<typeof SealedKey>;

/** The public half of a recovery key, and what it is called: the SHA-256 of it. */
export interface Recipient {
  readonly kid: string;
  readonly publicKey: CryptoKey;
}

const CURVE = { name: 'ECDH', namedCurve: 'P-256' } as const;
const PURPOSE = 'sideplan outbox 1';

const bytesOf = (value: unknown): Bytes => new TextEncoder().encode(JSON.stringify(value));
const random = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length));

const forText = (raw: BufferSource) =>
  crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']);

/**
 * A new key for one thing, sealed to its owner's recovery key.
 *
 * ECDH P-256 with a key pair used once, HKDF-SHA-256, AES-256-GCM (the construction of ECIES; RFC 9180 does the same).
 * `about` is bound to it: a key moved to another row does not open.
 */
export async function freshKey(to: Recipient, about: unknown): Promise<[CryptoKey, SealedKey]> {
  const raw = random(32);
  const once = await crypto.subtle.generateKey(CURVE, false, ['deriveBits']);
  const oncePublic = new Uint8Array(await crypto.subtle.exportKey('raw', once.publicKey));
  const wrapping = await agreed(once.privateKey, to.publicKey, [to.kid, [...oncePublic]]);
  const sealed = await encrypt(wrapping, raw, bytesOf([PURPOSE, to.kid, about]));
  const key = await forText(raw);
  raw.fill(0);
  return [key, { ...sealed, once: oncePublic }];
}

/** Rejects when the key is another's, was altered, or lies in another row than it was made for. */
export async function openKey(
  sealed: SealedKey,
  kid: string,
  privateKey: CryptoKey,
  about: unknown,
): Promise<CryptoKey> {
  const once = await crypto.subtle.importKey('raw', sealed.once, CURVE, false, []);
  const wrapping = await agreed(privateKey, once, [kid, [...sealed.once]]);
  const raw = await decrypt(wrapping, sealed, bytesOf([PURPOSE, kid, about]));
  return forText(raw);
}

/** Seals anything JSON can say. `about` must be said again to open it. */
export const seal = (key: CryptoKey, value: unknown, about: unknown): Promise<Sealed> =>
  encrypt(key, bytesOf(value), bytesOf([PURPOSE, about]));

/** Rejects when a single byte of it, or of what it is about, is not as it was. */
export async function unseal(key: CryptoKey, sealed: Sealed, about: unknown): Promise<unknown> {
  const text = await decrypt(key, sealed, bytesOf([PURPOSE, about]));
  return JSON.parse(new TextDecoder().decode(text));
}

async function agreed(privateKey: CryptoKey, publicKey: CryptoKey, info: unknown) {
  const bits = await crypto.subtle.deriveBits({ name: 'ECDH', public: publicKey }, privateKey, 256);
  const secret = await crypto.subtle.importKey('raw', bits, 'HKDF', false, ['deriveKey']);
  return crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(32), info: bytesOf([PURPOSE, info]) },
    secret,
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt', 'decrypt'],
  );
}

async function encrypt(key: CryptoKey, text: Bytes, additionalData: Bytes): Promise<Sealed> {
  const iv = random(12);
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, key, text);
  return { iv, text: new Uint8Array(sealed) };
}

const decrypt = (key: CryptoKey, { iv, text }: Sealed, additionalData: Bytes) =>
  crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData }, key, text);
