import { z } from 'zod';
import { readOffer } from './capability.ts';

/**
 * `npm run check:server -- ISS`: what a FHIR server offers of what Sideplan needs, as a table. Asks only what needs
 * no login: SMART discovery and `/metadata`. Exit code 1 when the main job cannot work there.
 */

interface Row {
  readonly what: string;
  readonly offered: boolean;
  /** Without it, the main job (launch, patient, plan, whom to call) cannot work. */
  readonly needed: boolean;
  readonly meaning: string;
}

const WellKnown = z.looseObject({
  authorization_endpoint: z.string().optional(),
  token_endpoint: z.string().optional(),
  jwks_uri: z.string().optional(),
  code_challenge_methods_supported: z.array(z.string()).optional(),
  capabilities: z.array(z.string()).optional(),
});

const TYPES: readonly (readonly [string, boolean, string])[] = [
  ['Patient', true, 'who this is'],
  ['CarePlan', false, 'plans; without it, only plans that are documents'],
  ['CareTeam', false, 'whom to call'],
  ['PractitionerRole', false, 'numbers and opening hours of units'],
  ['RelatedPerson', false, 'next of kin'],
  ['DocumentReference', false, 'plans that are documents'],
  ['AllergyIntolerance', false, 'hypersensitivity'],
  ['Condition', false, 'critical conditions, implants, infection'],
  ['Procedure', false, 'ongoing treatment'],
  ['Flag', false, 'changes of procedure'],
  ['Consent', false, 'limits of care; who must not be called'],
  ['MedicationStatement', false, 'the medication list'],
  ['MedicationRequest', false, 'prescriptions, where there is no list'],
  ['Immunization', false, 'vaccines'],
];

async function smartRows(iss: string): Promise<readonly Row[]> {
  const smart = await discovery(iss);
  const has = (capability: string) => smart?.capabilities?.includes(capability) ?? false;
  return [
    row('SMART discovery', smart !== undefined, true, '.well-known/smart-configuration'),
    row(
      'authorize and token endpoints',
      Boolean(smart?.authorization_endpoint && smart.token_endpoint),
      true,
      'login',
    ),
    row(
      'PKCE S256',
      smart?.code_challenge_methods_supported?.includes('S256') ?? false,
      true,
      'a safe login',
    ),
    row('launch-ehr', has('launch-ehr'), false, 'launch from the journal'),
    row('launch-standalone', has('launch-standalone'), false, 'launch without it'),
    row('client-public', has('client-public'), false, 'an app without a secret'),
    row('permission-v2', has('permission-v2'), false, 'else v1 scopes are asked for'),
    row('jwks_uri', smart?.jwks_uri !== undefined, false, 'else the user stays unnamed'),
  ];
}

async function discovery(iss: string) {
  try {
    const response = await fetch(`${iss}/.well-known/smart-configuration`, {
      headers: { accept: 'application/json' },
      signal: AbortSignal.timeout(15_000),
    });
    const parsed = WellKnown.safeParse(await response.json());
    return response.ok && parsed.success ? parsed.data : undefined;
  } catch {
    // No discovery is a row in the table, with what it means.
    return undefined;
  }
}

async function fhirRows(iss: string): Promise<readonly Row[]> {
  const offer = await readOffer(iss, fetch, {});
  const type = (name: string) => offer.known && offer.has(name);
  return [
    row('CapabilityStatement', offer.known, false, 'else everything is tried, one by one'),
    row('batch', offer.batch, false, 'fewest round trips'),
    row(
      '_include CarePlan:care-team',
      offer.includes('CarePlan', 'CarePlan:care-team'),
      false,
      'else a second wave',
    ),
    ...TYPES.map(([name, needed, meaning]) =>
      row(name, type(name), needed && offer.known, meaning),
    ),
    row(
      'a plan of some kind',
      !offer.known || type('CarePlan') || type('DocumentReference'),
      true,
      'CarePlan or DocumentReference',
    ),
  ];
}

const row = (what: string, offered: boolean, needed: boolean, meaning: string): Row => ({
  what,
  offered,
  needed,
  meaning,
});

const [given] = process.argv.slice(2);
if (!given || !URL.canParse(given)) {
  console.error('Say which server: npm run check:server -- https://server.example/fhir');
  process.exit(1);
}
const iss = given.replace(/\/+$/, '');
const rows = [...(await smartRows(iss)), ...(await fhirRows(iss))];
const width = Math.max(...rows.map(({ what }) => what.length));
for (const { what, offered, needed, meaning } of rows)
  console.log(`${offered ? 'yes' : needed ? 'NO ' : 'no '}  ${what.padEnd(width)}  ${meaning}`);
const missing = rows.filter(({ offered, needed }) => needed && !offered);
console.log(
  missing.length === 0
    ? 'The main job can work here.'
    : `The main job cannot work here: ${missing.map(({ what }) => what).join(', ')}.`,
);
process.exitCode = missing.length === 0 ? 0 : 1;
