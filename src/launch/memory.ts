import { z } from 'zod/mini';

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
    launch: z.optional(z.string()),
    patient: z.string(),
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

/** SHA-256 of issuer and patient: enough to see that it is the same patient, useless for anything else. */
export async function digest(iss: string, patient: string): Promise<string> {
  const bytes = new TextEncoder().encode(`${iss}|${patient}`);
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(hash, byte => byte.toString(16).padStart(2, '0')).join('');
}
