import { createHash } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createSandbox, type SandboxOptions } from '../src/sandbox/sandbox.ts';

const verifier = 'v'.repeat(43);

/** A SMART client that asks for more or less, as one user on one patient. */
function client(options: Partial<SandboxOptions> = {}) {
  const sandbox = createSandbox({ port: 8080, appPort: 8081, appDir: '/nowhere', ...options });
  const redirect_uri = `${sandbox.appOrigin}/index.html`;
  const send = (path: string, init?: RequestInit) =>
    sandbox.fetch(new Request(new URL(path, sandbox.ehrOrigin), { redirect: 'manual', ...init }));
  const post = (path: string, form: Record<string, string>) =>
    send(path, { method: 'POST', body: new URLSearchParams(form) });

  const handOut = (user: string, patient: string) =>
    send(`/ehr/launch?user=${user}&patient=${patient}`, {
      headers: { Accept: 'application/json' },
    });

  const authorize = (fields: Record<string, string>) =>
    send(
      `/auth/authorize?${new URLSearchParams({
        response_type: 'code',
        client_id: 'sideplan',
        redirect_uri,
        state: 'state-of-this-tab',
        aud: sandbox.fhirBase,
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
        ...fields,
      })}`,
    );

  /** What the authorization server sends back in the address. */
  async function launched(user: string, patient: string, scope: string) {
    const { launch } = await (await handOut(user, patient)).json();
    return answerOf(await authorize({ launch, scope: `launch ${scope}` }));
  }

  async function chosen(user: string, patient: string, scope = 'launch/patient patient/*.rs') {
    const page = await (await authorize({ scope })).text();
    const pending = /name="pending" value="([^"]+)"/.exec(page)?.[1] ?? '';
    return answerOf(await post('/auth/choose', { pending, user, patient, answer: 'yes' }));
  }

  const tokens = async (answer: URLSearchParams) =>
    (
      await post('/auth/token', {
        grant_type: 'authorization_code',
        client_id: 'sideplan',
        redirect_uri,
        code: answer.get('code') ?? '',
        code_verifier: verifier,
      })
    ).json();

  async function signIn(user: string, patient: string, scope = 'patient/*.rs') {
    const { access_token, scope: granted } = await tokens(await launched(user, patient, scope));
    const read = (path: string) =>
      send(`/fhir/${path}`, { headers: { Authorization: `Bearer ${access_token}` } });
    return { granted: String(granted).replace(/^launch ?/, ''), read };
  }

  return { handOut, launched, chosen, tokens, signIn };
}

const answerOf = (response: Response) =>
  new URL(response.headers.get('location') ?? 'about:none').searchParams;

const typesIn = (granted: string) =>
  granted.split(' ').map(scope => scope.replace(/^\w+\/(\w+)\..*$/, '$1'));

const acute = [
  'AllergyIntolerance',
  'CarePlan',
  'CareTeam',
  'Condition',
  'Consent',
  'Device',
  'Flag',
  'HealthcareService',
  'Location',
  'Organization',
  'Patient',
  'Practitioner',
  'PractitionerRole',
  'Procedure',
  'RelatedPerson',
];
const medicines = [
  'Immunization',
  'List',
  'Medication',
  'MedicationRequest',
  'MedicationStatement',
];
const welfare = [
  'CarePlan',
  'CareTeam',
  'Goal',
  'Organization',
  'Patient',
  'Practitioner',
  'PractitionerRole',
  'RelatedPerson',
  'ServiceRequest',
];

describe('What a role is granted', () => {
  test.each([
    ['the ambulance worker on Maja', 'u-amb', 'p1', acute],
    ['the ambulance worker on Amina, of whom nothing is recorded', 'u-amb', 'p6', acute],
    ['the doctor on call on Jonas', 'u-lv', 'p5', [...acute, ...medicines].sort()],
    ['the ambulance worker on Jonas', 'u-amb', 'p5', [...acute, ...medicines].sort()],
    ['NAV on Maja', 'u-nav', 'p1', welfare],
    ['NAV on Jonas', 'u-nav', 'p5', welfare],
    ['aftercare on Maja', 'u-bv', 'p1', welfare],
    ['the school on Elias', 'u-skole', 'p4', [...welfare, 'Binary', 'DocumentReference'].sort()],
  ])('%s: the types of which something is shown, spelled out', async (_, user, patient, types) => {
    const { granted } = await client().signIn(user, patient);
    expect(typesIn(granted)).toEqual(types);
  });

  test.each([
    ['the doctor on call on Maja', 'u-lv', 'p1'],
    ['the doctor on call on Amina', 'u-lv', 'p6'],
    ['the GP on her own patient', 'u-gp', 'p2'],
    ['the other GP on Jonas', 'u-gp2', 'p5'],
    ['the coordinator on Maja', 'u-koord', 'p1'],
  ])('%s: everything, as it was asked for', async (_, user, patient) => {
    const { granted } = await client().signIn(user, patient);
    expect(granted).toBe('patient/*.rs');
  });

  test('what is not granted is refused and never answered with an empty list', async () => {
    const { read } = await client().signIn('u-amb', 'p1');
    for (const type of ['MedicationStatement', 'Immunization', 'DocumentReference', 'Goal']) {
      expect((await read(`${type}?patient=p1`)).status, type).toBe(403);
    }
    const critical = await (await read('AllergyIntolerance?patient=p1')).json();
    expect(critical.total).toBe(1);
  });

  test('of Jonas’ medicines the shared ones are read, and the rest is said to be restricted', async () => {
    const { read } = await client().signIn('u-lv', 'p5');
    const response = await read('MedicationStatement?patient=p5');
    const entries: { resource: { resourceType: string } }[] = (await response.json()).entry;
    const found = entries.map(({ resource }) => resource.resourceType);
    expect(found.filter(type => type === 'MedicationStatement')).toHaveLength(2);
    expect(JSON.stringify(entries)).toContain('suppressed');
    expect((await read('DocumentReference?patient=p5')).status).toBe(403);
  });
});

describe('A limit holds however the scope is written', () => {
  test.each([
    ['v2', 'patient/CarePlan.rs patient/MedicationStatement.rs', 'patient/CarePlan.rs'],
    ['v1', 'patient/CarePlan.read patient/Observation.read', 'patient/CarePlan.read'],
    ['for writing', 'patient/Flag.cud patient/Task.cud patient/Goal.write', 'patient/Flag.cud'],
    ['at user level', 'user/Consent.rs user/MedicationRequest.rs', 'user/Consent.rs'],
    [
      'with a restriction',
      'patient/Condition.rs?category=sone patient/Observation.rs?category=laboratory',
      'patient/Condition.rs?category=sone',
    ],
  ])('%s', async (_, asked, granted) => {
    expect((await client().signIn('u-amb', 'p1', asked)).granted).toBe(granted);
  });

  test.each(['patient/*.read', 'patient/*.*', 'patient/*.cruds', 'user/*.rs'])(
    'the wildcard %s becomes one scope for each type, with the same rights',
    async asked => {
      const { granted } = await client().signIn('u-nav', 'p1', asked);
      expect(granted.split(' ')).toEqual(welfare.map(type => asked.replace('*', type)));
    },
  );

  test('a type asked for by name and by wildcard is granted once', async () => {
    const { granted } = await client().signIn('u-nav', 'p1', 'patient/Goal.rs patient/*.rs');
    expect(typesIn(granted).toSorted()).toEqual(welfare);
  });

  test('tests may take away more, and are told of which patient', async () => {
    const { signIn } = client({
      limitScopes: (_, scopes, patientId) =>
        patientId === 'p1' ? scopes.filter(scope => !scope.includes('Goal')) : scopes,
    });
    expect(typesIn((await signIn('u-nav', 'p1')).granted)).not.toContain('Goal');
    expect(typesIn((await signIn('u-nav', 'p4')).granted)).toContain('Goal');
  });
});

describe('Who has no access to a patient', () => {
  test.each([
    ['the GP of others', 'u-gp', 'p5'],
    ['NAV, without Olav’s consent', 'u-nav', 'p2'],
    ['the leader of the unit', 'u-led', 'p1'],
  ])(
    '%s: the EHR opens the app, and the authorization server says no',
    async (_, user, patient) => {
      const { handOut, launched, chosen } = client();
      expect((await handOut(user, patient)).status).toBe(200);
      for (const answer of [
        await launched(user, patient, 'patient/*.rs'),
        await chosen(user, patient),
      ]) {
        expect(answer.get('error')).toBe('access_denied');
        expect(answer.get('error_description')).toMatch(/no access to this patient/);
        expect(answer.get('state')).toBe('state-of-this-tab');
        expect(answer.get('iss')).toBe('http://localhost:8080/fhir');
        expect(answer.get('code')).toBeNull();
      }
    },
  );

  test('the leader of the unit logs in without a patient', async () => {
    const { chosen, tokens } = client();
    expect((await tokens(await chosen('u-led', '', 'user/MeasureReport.rs'))).scope).toBe(
      'user/MeasureReport.rs',
    );
  });

  test('a standalone choice is limited by the role too', async () => {
    const { chosen, tokens } = client();
    const { scope } = await tokens(await chosen('u-nav', 'p1', 'patient/*.rs'));
    expect(typesIn(scope)).toEqual(welfare);
  });

  test('the doctor Jonas has blocked gets a token, and every answer says that he is blocked', async () => {
    const { granted, read } = await client().signIn('u-blokk', 'p5');
    expect(granted).toBe('patient/*.rs');
    for (const path of [
      'Patient/p5',
      'CarePlan?patient=p5',
      'MedicationStatement',
      'Organization',
    ]) {
      const response = await read(path);
      expect(response.status, path).toBe(403);
      expect(await response.text(), path).toContain('blocked');
    }
  });
});

test('On a patient from a file nobody is limited', async () => {
  const dataPath = mkdtempSync(join(tmpdir(), 'sideplan-roles-'));
  const ada = { resourceType: 'Patient', id: 'ada', name: [{ family: 'Loaded' }] };
  writeFileSync(join(dataPath, 'a.json'), JSON.stringify(ada));
  for (const user of ['u-amb', 'u-nav', 'u-led']) {
    const { granted, read } = await client({ dataPath }).signIn(user, 'ada');
    expect(granted, user).toBe('patient/*.rs');
    expect((await read('Patient/ada')).status, user).toBe(200);
  }
});
