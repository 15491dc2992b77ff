import { z } from 'zod/mini';
import { text } from '../fhir/shapes.ts';

/**
 * What one frame remembers of its launch through reload and «back».
 *
 * It lives in this frame's own history entry. Two charts side by side in one EHR page share sessionStorage (same
 * site, same tab), so anything kept there under one name is the other chart's patient after F5; a history entry is
 * never shared. It holds the EHR's opaque launch handle and a digest of the patient, no token and nothing to read.
 */
const Remembered = z.object({
  sideplan: z.object({
    iss: z.string(),
    launch: text,
    patient: z.string(),
    /** Digest of issuer and user. */
    who: z.string(),
    /** The last logout of this user before this launch, see `markLogout`. */
    logout: text,
  }),
});
export type Remembered = z.output<typeof Remembered>['sideplan'];

export function recall(history: History): Remembered | undefined {
  const parsed = Remembered.safeParse(history.state);
  return parsed.success ? parsed.data.sideplan : undefined;
}

/** Also takes `code`, `state` and `launch` out of the address (SAFETY L13); which tab is open stays in it. */
export function remember({ history, location }: Window, remembered: Remembered): void {
  history.replaceState({ sideplan: remembered }, '', `index.html${location.hash}`);
}

/** Nothing of the launch is left in this history entry, nor of ours in this tab's storage. */
export function forget(window: Window): void {
  window.history.replaceState(null, '', 'index.html');
  try {
    for (const key of Object.keys(window.sessionStorage))
      if (key.startsWith('sideplan.')) window.sessionStorage.removeItem(key);
  } catch {
    // Storage is denied here, so there is nothing in it.
  }
}

const logoutKey = (who: string) => `sideplan.logout.${who}`;

/**
 * Marks, for every window of this origin, that this user has logged out. Only the current history entry can be
 * emptied; those behind it, and those of other tabs, are older than the mark and start nothing any more.
 */
export function markLogout(window: Window, who: string): void {
  try {
    window.localStorage.setItem(logoutKey(who), crypto.randomUUID());
  } catch {
    // Storage is denied here: only this page and those it can tell are logged out (docs/decisions/0009).
  }
}

/** The mark of this user's last logout: random, and nothing but compared. */
export function lastLogout(window: Window, who: string): string | undefined {
  try {
    return window.localStorage.getItem(logoutKey(who)) ?? undefined;
  } catch {
    return undefined;
  }
}

/** SHA-256 of issuer and patient, or issuer and user: enough to see that it is the same, useless for anything else. */
export async function digest(iss: string, whom: string): Promise<string> {
  const bytes = new TextEncoder().encode(`${iss}|${whom}`);
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(hash, byte => byte.toString(16).padStart(2, '0')).join('');
}
