import { z } from 'zod/mini';

/** Where the configuration in force comes from: the organisation's policy, the person at this browser, or the package. */
export interface Settings {
  readonly from: 'policy' | 'own' | 'package';
  /** As it was written; the launch checks it. */
  readonly configuration: unknown;
}

const POLICY = 'policy';
const OWN = 'own';

/** The last policy seen, so that nobody waits for it twice: Chrome's first answer takes seconds after it has started. */
const Seen = z.object({ [POLICY]: z.looseObject({ value: z.looseObject({}) }) });
const Own = z.object({
  [OWN]: z.looseObject({ issuers: z.array(z.looseObject({})), agreed: z.string() }),
});

/**
 * The configuration in force. A policy that names issuers leaves no room for others (SAFETY TM01, CATALOGUE E12), also
 * where it names none at all; what somebody has put in themselves is used where no policy speaks; else what lies in
 * the package.
 */
export async function settings(): Promise<Settings> {
  const kept = await chrome.storage.local.get([POLICY, OWN]);
  const seen = Seen.safeParse(kept);
  const policy = seen.success ? seen.data[POLICY].value : await readPolicy();
  if ('issuers' in policy) return { from: 'policy', configuration: policy };
  const own = Own.safeParse(kept);
  if (own.success && own.data[OWN].issuers.length > 0)
    return { from: 'own', configuration: { issuers: own.data[OWN].issuers } };
  return { from: 'package', configuration: await packaged() };
}

/** Asks Chrome what the policy says now, and keeps it for the next time. */
export async function readPolicy(): Promise<Readonly<Record<string, unknown>>> {
  let value: Record<string, unknown>;
  try {
    value = await chrome.storage.managed.get();
  } catch {
    // Firefox, where nobody has installed a policy for us.
    value = {};
  }
  await chrome.storage.local.set({ [POLICY]: { value } });
  return value;
}

/** Told when another configuration may be in force. */
export function onSettings(changed: () => void): void {
  chrome.storage.onChanged.addListener((changes, area) => {
    if (area === 'managed') void readPolicy();
    else if (area === 'local' && (POLICY in changes || OWN in changes)) changed();
  });
}

/** What somebody has put in themselves, with the day they agreed to what is done with it. */
export async function ownIssuers(): Promise<readonly unknown[]> {
  const own = Own.safeParse(await chrome.storage.local.get(OWN));
  return own.success ? own.data[OWN].issuers : [];
}

export async function keepOwnIssuers(issuers: readonly object[]): Promise<void> {
  if (issuers.length === 0) return chrome.storage.local.remove(OWN);
  const agreed = new Date().toISOString();
  return chrome.storage.local.set({ [OWN]: { issuers, agreed } });
}

async function packaged(): Promise<unknown> {
  const response = await fetch(chrome.runtime.getURL('sideplan.config.json'));
  const configuration: unknown = await response.json();
  return configuration;
}
