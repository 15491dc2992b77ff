import { z } from 'zod/mini';
import { LaunchStopped, stop } from './failure.ts';

/** Strict objects: a misspelt key in a hospital's configuration must be named, not ignored. */
const Issuer = z.strictObject({
  /** FHIR base, as the EHR sends it in `iss`. */
  iss: z.string(),
  clientId: z.string(),
  /** What people call this EHR. */
  label: z.string(),
  /** Replaces the scopes Sideplan asks for by itself. */
  scope: z.optional(z.string()),
  /** For issuers without discovery: the endpoints by hand, pinned. */
  endpoints: z.optional(z.strictObject({ authorize: z.string(), token: z.string() })),
  /** Sent with every FHIR call, e.g. a subscription key. */
  headers: z.optional(z.catchall(z.object({}), z.string())),
  /** Accepted and not used yet: further sources beside the EHR's own server. */
  sources: z.optional(z.array(z.unknown())),
});

const Configuration = z.strictObject({
  issuers: z.array(Issuer),
  allowInsecureLoopback: z.optional(z.boolean()),
  locale: z.optional(z.literal(['nb', 'en'])),
  /** Accepted and not used yet: this version does not lock the screen. */
  idleMinutes: z.optional(z.number()),
});

export type Configuration = z.output<typeof Configuration>;
export type IssuerConfiguration = Configuration['issuers'][number];

/** Reads `sideplan.config.json` beside the page. What is wrong is named key by key, on screen and in the console. */
export async function readConfiguration(
  fetch: typeof globalThis.fetch,
  page: string,
): Promise<Configuration> {
  let value: unknown;
  try {
    const response = await fetch(new URL('sideplan.config.json', page), { cache: 'no-store' });
    if (!response.ok) return unreadable(`HTTP ${response.status}`);
    value = await response.json();
  } catch (error) {
    if (error instanceof LaunchStopped) throw error;
    return unreadable(error instanceof SyntaxError ? 'not JSON' : 'no answer');
  }
  const parsed = Configuration.safeParse(value);
  const problems = parsed.success
    ? emptyOrBroken(parsed.data)
    : parsed.error.issues.map(
        issue => `${issue.path.join('.') || 'sideplan.config.json'}: ${issue.message}`,
      );
  if (parsed.success && problems.length === 0) return parsed.data;
  // For whoever installs Sideplan, who may have only the console of somebody else's machine.
  console.error('sideplan.config.json', problems);
  return stop({ kind: 'configuration-wrong', problems });
}

/** What has the right shape and still cannot be right. */
function emptyOrBroken({ issuers }: Configuration): readonly string[] {
  if (issuers.length === 0) return ['issuers: empty'];
  return issuers.flatMap(({ iss, clientId, label }, index) => [
    ...(URL.canParse(iss) ? [] : [`issuers.${index}.iss: not an address`]),
    ...(clientId ? [] : [`issuers.${index}.clientId: empty`]),
    ...(label ? [] : [`issuers.${index}.label: empty`]),
  ]);
}

function unreadable(detail: string): never {
  console.error('sideplan.config.json', detail);
  return stop({ kind: 'configuration-unreadable', detail });
}

/**
 * The configured issuer with exactly this address (allow-list, SAFETY TM01, L02), else the launch stops before a
 * single request leaves. A trailing slash is the one difference EHRs are forgiven; a prefix or another port is not.
 */
export function issuerFor(configuration: Configuration, iss: string): IssuerConfiguration {
  const found = configuration.issuers.find(
    issuer => withoutSlash(issuer.iss) === withoutSlash(iss),
  );
  if (!found) return stop({ kind: 'issuer-unknown', issuer: iss.slice(0, 200) });
  if (!isSafe(found.iss, configuration))
    return stop({ kind: 'issuer-insecure', issuer: found.iss });
  return found;
}

export const withoutSlash = (address: string) => address.replace(/\/+$/, '');

/** https, or http on this very machine where the configuration allows it for demonstration. */
export function isSafe(address: string, configuration: Configuration): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  if (protocol === 'https:') return true;
  const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  return protocol === 'http:' && loopback && configuration.allowInsecureLoopback === true;
}
