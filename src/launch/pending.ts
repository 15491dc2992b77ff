import { z } from 'zod/mini';
import { SOURCE_KINDS } from '../fhir/session.ts';
import { text } from '../fhir/shapes.ts';

/** How the code comes back: by navigating this page, through a hidden child frame, or from a window of its own. */
export type Way = 'page' | 'frame' | 'window';

/** Endpoints as they are kept: for one login, and for the next (`known-endpoints.ts`). */
export const KeptEndpoints = z.object({
  authorize: z.string(),
  token: z.string(),
  jwks: text,
  revocation: text,
  issuer: text,
  appState: text,
  namesItself: z.boolean(),
  scopesV2: z.boolean(),
});

const Pending = z.object({
  way: z.literal(['page', 'frame', 'window']),
  nonce: z.string(),
  iss: z.string(),
  launch: text,
  /** Digest of the patient this frame had before a reload. */
  expected: text,
  scope: z.string(),
  notes: z.looseObject({}),
  issuer: z.looseObject({
    iss: z.string(),
    clientId: z.string(),
    label: z.string(),
    headers: z.optional(z.catchall(z.object({}), z.string())),
  }),
  endpoints: KeptEndpoints,
  sources: z.array(
    z.object({
      kind: z.literal([...SOURCE_KINDS]),
      base: z.string(),
      label: z.string(),
      headers: z.catchall(z.object({}), z.string()),
      sendToken: z.boolean(),
    }),
  ),
  locale: z.optional(z.literal(['nb', 'en'])),
  idleMinutes: z.optional(z.number()),
});

/** One authorization under way: what must be at hand when the code comes back. */
export type Pending = z.output<typeof Pending>;

const keyOf = (state: string) => `sideplan.pending.${state}`;

/** `state`: 122 random bits (SMART 2.2 asks for at least that), and which way it is to come back. */
export const freshState = (way: Way) => `${way}.${crypto.randomUUID()}`;

/** sessionStorage, or undefined where the browser denies it to a cross-site frame (SAFETY D12): even looking throws. */
export function usableStorage(window: Window): Storage | undefined {
  try {
    const storage = window.sessionStorage;
    storage.setItem('sideplan.probe', '1');
    storage.removeItem('sideplan.probe');
    return storage;
  } catch {
    return undefined;
  }
}

export function keep(storage: Storage, state: string, pending: Pending): void {
  storage.setItem(keyOf(state), JSON.stringify(pending));
}

/** Single use: the verifier is gone the moment it is taken, whatever happens next (SAFETY L07). */
export function take(storage: Storage | undefined, state: string): Pending | undefined {
  const kept = storage?.getItem(keyOf(state));
  if (!storage || !kept) return undefined;
  storage.removeItem(keyOf(state));
  try {
    const parsed = Pending.safeParse(JSON.parse(kept));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
