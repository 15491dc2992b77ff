import { z } from 'zod/mini';
import { SOURCE_KINDS, type SourceAddress } from '../fhir/session.ts';
import { checked } from '../fhir/shapes.ts';
import { isSafe, listed, withoutSlash } from './allow-list.ts';
import { LaunchStopped, stop } from './failure.ts';
import { aboutConfiguration, answerTo } from './first-questions.ts';

const Source = z.strictObject({
  kind: z.literal([...SOURCE_KINDS]),
  base: z.string(),
  label: z.string(),
  headers: z.optional(z.catchall(z.object({}), z.string())),
  /** The EHR's access token is sent here only where this says so. */
  sendToken: z.optional(z.boolean()),
});

/** Strict objects: a misspelt key in a hospital's configuration must be named, not ignored. */
const Issuer = z.strictObject({
  /** FHIR base, as the EHR sends it in `iss`. */
  iss: z.string(),
  clientId: z.string(),
  /** What people call this EHR. */
  label: z.string(),
  /** Replaces the scopes Sideplan asks for by itself. */
  scope: z.optional(z.string()),
  /** For issuers without discovery, or whose login lies on another host: the endpoints by hand, pinned. */
  endpoints: z.optional(
    z.strictObject({
      authorize: z.string(),
      token: z.string(),
      /** Without it the user stays unnamed; `issuer` is the `iss` of the id_tokens where it is not the FHIR base. */
      jwks: z.optional(z.string()),
      issuer: z.optional(z.string()),
      revocation: z.optional(z.string()),
    }),
  ),
  /** Sent with every FHIR call, e.g. a subscription key. */
  headers: z.optional(z.catchall(z.object({}), z.string())),
  /** Where else facts about the patient are kept (docs/fhir.md, «Sources»). */
  sources: z.optional(z.array(Source)),
  /** The extension's alone: origins of this EHR's pages, which may hand over a launch. */
  ehrOrigins: z.optional(z.array(z.string())),
  /** The extension's alone: the page that sends the login on, where the login server refuses Chrome's own address. */
  redirectUri: z.optional(z.string()),
});

const isMinutes = (value: unknown): value is number =>
  typeof value === 'number' && value > 0 && value <= 10;

/** A whole number of hours, at most a day. */
export const isCopyHours = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 24;

const Configuration = z.strictObject({
  issuers: z.array(Issuer),
  allowInsecureLoopback: z.optional(z.boolean()),
  locale: z.optional(z.literal(['nb', 'en'])),
  /** Minutes nobody touches the panel before it is locked; 10 where nothing is said, and never more (SAFETY TM55). */
  idleMinutes: z.optional(checked(isMinutes)),
  /** The extension's alone: hours a sealed copy of the acute page may be shown when the EHR is silent; none where absent. */
  offlineCopyHours: z.optional(checked(isCopyHours)),
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
    const response = await answerTo(aboutConfiguration(page), fetch);
    if (!response.ok) return unreadable(`HTTP ${response.status}`);
    value = await response.json();
  } catch (error) {
    if (error instanceof LaunchStopped) throw error;
    return unreadable(error instanceof SyntaxError ? 'not JSON' : 'no answer');
  }
  return checkConfiguration(value);
}

/** A configuration as it was written, or a stop that names what is wrong with it. */
export function checkConfiguration(value: unknown): Configuration {
  const parsed = Configuration.safeParse(value);
  const problems = parsed.success ? emptyOrBroken(parsed.data) : parsed.error.issues.map(problemIn);
  if (parsed.success && problems.length === 0) return parsed.data;
  // For whoever installs Sideplan, who may have only the console of somebody else's machine.
  console.error('sideplan.config.json', problems);
  return stop({ kind: 'configuration-wrong', problems });
}

/** A key nobody knows is not in the path of its issue, but beside it. */
function problemIn(issue: z.core.$ZodIssue): string {
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys : [];
  const where = [...issue.path, ...(unknown.length > 0 ? [unknown.join(', ')] : [])].join('.');
  const what = unknown.length > 0 ? 'not a key Sideplan knows' : issue.message;
  return `${where || 'sideplan.config.json'}: ${what}`;
}

/** What has the right shape and still cannot be right. */
function emptyOrBroken({ issuers }: Configuration): readonly string[] {
  if (issuers.length === 0) return ['issuers: empty'];
  return issuers.flatMap((issuer, index) => [
    ...(URL.canParse(issuer.iss) ? [] : [`issuers.${index}.iss: not an address`]),
    ...(issuer.clientId ? [] : [`issuers.${index}.clientId: empty`]),
    ...(issuer.label ? [] : [`issuers.${index}.label: empty`]),
    ...brokenSources(issuer).map(problem => `issuers.${index}.${problem}`),
  ]);
}

/** A source is known by its name on screen, so two may not share one, nor share the EHR's. */
function brokenSources({ label, sources = [] }: IssuerConfiguration): readonly string[] {
  const names = [label, ...sources.map(source => source.label)];
  return sources.flatMap((source, index) => [
    ...(URL.canParse(source.base) ? [] : [`sources.${index}.base: not an address`]),
    ...(source.label ? [] : [`sources.${index}.label: empty`]),
    ...(names.indexOf(source.label) < index + 1 ? [`sources.${index}.label: used twice`] : []),
  ]);
}

/** The issuer's further sources; one over plain http stops the launch as an insecure issuer does. */
export function sourcesOf(
  issuer: IssuerConfiguration,
  configuration: Configuration,
): readonly SourceAddress[] {
  return (issuer.sources ?? []).map(({ kind, base, label, headers = {}, sendToken = false }) =>
    isSafe(base, configuration)
      ? { kind, base: withoutSlash(base), label, headers, sendToken }
      : stop({ kind: 'issuer-insecure', issuer: base }),
  );
}

function unreadable(detail: string): never {
  console.error('sideplan.config.json', detail);
  return stop({ kind: 'configuration-unreadable', detail });
}

/** The configured issuer with this address, else the launch stops before a single request leaves (SAFETY TM01, L02). */
export function issuerFor(configuration: Configuration, iss: string): IssuerConfiguration {
  const found = listed(configuration.issuers, iss);
  if (!found) return stop({ kind: 'issuer-unknown', issuer: iss.slice(0, 200) });
  if (!isSafe(found.iss, configuration))
    return stop({ kind: 'issuer-insecure', issuer: found.iss });
  return found;
}
