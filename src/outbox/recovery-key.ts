import type { Recipient } from './sealed.ts';
import { hexOf } from './whose.ts';

/** A recovery key pair. Both halves are handles: the private one cannot be taken out of the browser. */
export interface RecoveryKey extends Recipient {
  readonly privateKey: CryptoKey;
  /** ISO instant. */
  readonly made: string;
}

export const CURVE = { name: 'ECDH', namedCurve: 'P-256' } as const;

/** After so long a new pair seals; the old one is kept for what it sealed. */
const ROTATE_MS = 30 * 24 * 3_600_000;

const ago = (ms: number, now: Date) => new Date(now.getTime() - ms).toISOString();

export const isDue = (keys: readonly RecoveryKey[], now: Date): boolean =>
  !keys.some(({ made }) => made > ago(ROTATE_MS, now));

/** So old that not even a page that has been open all the while seals with it. */
export const isOut = ({ made }: RecoveryKey, now: Date): boolean => made < ago(2 * ROTATE_MS, now);

/** The one that seals. Of two of the same age, always the same one. */
export const newestOf = (keys: readonly RecoveryKey[]): RecoveryKey | undefined =>
  keys.toSorted((a, b) => order(a.made, b.made) || order(a.kid, b.kid)).at(-1);

const order = (a: string, b: string) => (a < b ? -1 : Number(a > b));

/** A key is called by the SHA-256 of its public half, so that a row cannot be sealed to one key and name another. */
export async function kidOf(publicKey: CryptoKey): Promise<string> {
  const raw = await crypto.subtle.exportKey('raw', publicKey);
  return hexOf(await crypto.subtle.digest('SHA-256', raw));
}
