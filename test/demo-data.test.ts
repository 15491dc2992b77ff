import { describe, expect, test } from 'vitest';
import {
  demoClock,
  demoPatients,
  demoPolicy,
  demoResources,
  demoUsers,
} from '../src/sandbox/demo/demo.ts';
import data from '../src/sandbox/demo/demo-patients.json' with { type: 'json' };
import { validate } from '../src/sandbox/store/validate.ts';
import type { Access, Resource } from '../src/sandbox/types.ts';

const resources = demoResources();
const shorts = ['p1', 'p2', 'p3', 'p4', 'p5', 'p6'];
const nationalIds = data.patients.map(({ fnr }) => fnr);

describe('who sees what', () => {
  // DEMO 5.2. ● all · A acute minimum · V welfare half · – nothing · B blocked
  const matrix: Record<string, string> = {
    'u-lv': '● ● ● ● A ●',
    'u-amb': 'A A A A A A',
    'u-gp': '● ● ● ● – –',
    'u-gp2': '– – – – ● –',
    'u-psy': '● – – – – –',
    'u-ger': '– ● – – – –',
    'u-koord': '● – – – – –',
    'u-bkoord': '– – – ● – –',
    'u-hjt': '– ● ● – – –',
    'u-dho': '– – ● – – –',
    'u-nav': 'V – – V V –',
    'u-bv': 'V+hjelper – – – – –',
    'u-skole': '– – – V+førstehjelp – –',
    'u-led': '– – – – – –',
    'u-blokk': '● ● ● ● B ●',
  };
  const acute = ['who it is', 'acute plan', 'contacts', 'critical'];
  const welfare = ['who it is', 'individual plan', 'individual plan team', 'welfare'];
  const meaning: Record<string, readonly string[]> = {
    '●': [
      ...acute,
      'individual plan',
      'individual plan team',
      'welfare',
      'diagnoses',
      'medication',
      'treatment plan',
      'health goals and measures',
      'evaluations',
      'tasks',
      'results',
      'documents',
      'sharing',
      'history',
    ],
    A: acute,
    V: welfare,
    'V+hjelper': [...welfare, 'contacts', 'what helps'],
    'V+førstehjelp': [...welfare, 'contacts', 'acute plan', 'documents'],
    '–': [],
    B: [],
  };

  for (const [user, row] of Object.entries(matrix)) {
    for (const [index, symbol] of row.split(' ').entries()) {
      const patient = shorts[index]!;
      test(`${user} sees ${symbol} of ${patient}`, () => {
        const about = resources.filter(resource => resource.id?.startsWith(patient));
        const there = new Set(about.map(subject));
        const expected = meaning[symbol]!.filter(word => there.has(word));
        // Jonas shares his LAR treatment with the emergency chain; NAV gets an excerpt of his plan.
        if (patient === 'p5' && symbol === 'A') expected.push('medication');
        if (patient === 'p5' && symbol === 'V') {
          expected.splice(expected.indexOf('individual plan'), 1, 'welfare excerpt');
        }

        expect(wordsSeen(user, about)).toEqual([...expected].sort());
      });
    }
  }

  test('every user of the demo has a row', () => {
    expect(demoUsers.map(({ id }) => id)).toEqual(Object.keys(matrix));
  });

  test('Jonas shares the treatment from LAR with legevakt and says that the rest is kept back', () => {
    const medicines = resources.filter(
      ({ resourceType, id }) => resourceType === 'MedicationStatement' && id?.startsWith('p5'),
    );

    expect(medicines.map(line => demoPolicy.sees(as('u-lv'), line))).toEqual([
      'show',
      'restricted',
      'restricted',
      'show',
      'restricted',
      'restricted',
    ]);
  });

  test('a document the patient has masked is announced, never shown', () => {
    expect(seen('u-gp', 'DocumentReference/p1-doc-6')).toBe('restricted');
    expect(seen('u-gp', 'Binary/p1-doc-6-text')).toBe('restricted');
    expect(seen('u-gp2', 'DocumentReference/p5-doc-3')).toBe('restricted');
    expect(seen('u-lv', 'DocumentReference/p5-doc-4')).toBe('restricted');
    expect(seen('u-nav', 'DocumentReference/p5-doc-4')).toBe('hide');
  });

  test('a decision the municipality keeps to itself is seen by the home nurse, not by the doctor', () => {
    expect(seen('u-hjt', 'DocumentReference/p2-doc-6')).toBe('show');
    expect(seen('u-gp', 'DocumentReference/p2-doc-6')).toBe('hide');
  });

  test('the school does not get the number of the epilepsy doctor', () => {
    expect(seen('u-skole', 'PractitionerRole/p4-contact-1')).toBeUndefined();
    expect(seen('u-skole', 'RelatedPerson/p4-contact-1')).toBe('show');
    expect(seen('u-skole', 'PractitionerRole/p4-contact-3')).toBe('hide');
  });

  test('Jonas has blocked one doctor, and nobody else', () => {
    const blocked = demoUsers.flatMap(({ id }) =>
      shorts.filter(patient => demoPolicy.blocked(as(id), patient)).map(patient => [id, patient]),
    );

    expect(blocked).toEqual([['u-blokk', 'p5']]);
  });

  test('health users are told that Jonas keeps critical information back', () => {
    const types = ['AllergyIntolerance', 'Condition', 'Procedure', 'Flag', 'Consent', 'CarePlan'];
    const withheld = (user: string | undefined, patient: string) =>
      types.filter(type => demoPolicy.withheld?.(as(user), patient, type));

    for (const user of ['u-lv', 'u-amb', 'u-gp2', undefined]) {
      expect(withheld(user, 'p5')).toEqual(types.slice(0, -1));
    }
    expect(withheld('u-nav', 'p5')).toEqual([]);
    expect(withheld('u-lv', 'p1')).toEqual([]);
    expect(withheld('u-lv', 'p6')).toEqual([]);
  });

  test('nothing NAV can read names a diagnosis, a medicine or a treating service', () => {
    const everything = JSON.stringify(resources.filter(one => see('u-nav', one) === 'show'));

    expect(everything).toContain('Gjeldsrådgivning');
    expect(everything).toContain('Silje Samrud');
    for (const clinic of ['org-dps', 'org-fact', 'org-ara', 'org-bup', 'org-barn']) {
      expect(everything).not.toContain(clinic);
    }
    for (const telling of ['DPS', 'FACT', 'LAR', 'psykisk', 'rus og', 'overdose', 'DBT', 'BUP']) {
      expect(everything).not.toContain(telling);
    }
    for (const { substance } of data.patients.flatMap(({ meds }) => meds)) {
      expect(everything).not.toContain(substance);
    }
  });

  test('a clinic’s name is for those who treat, a welfare office’s for everyone', () => {
    expect(seen('u-gp', 'Organization/org-fact')).toBe('show');
    expect(seen('u-nav', 'Organization/org-fact')).toBe('hide');
    expect(seen('u-nav', 'Organization/org-bv')).toBe('show');
  });

  test('the leader of the unit sees counts without names', () => {
    expect(see('u-led', at('MeasureReport/indicators-2026-11'))).toBe('show');
    expect(see('u-gp', at('MeasureReport/indicators-2026-11'))).toBe('hide');
  });

  test('patients from files are everyone’s to see', () => {
    const visitor = { resourceType: 'Observation', id: 'x', subject: { reference: 'Patient/x' } };

    expect(see('u-led', visitor)).toBe('show');
    expect(see('u-nav', { resourceType: 'Patient', id: 'x' })).toBe('show');
  });

  test('what is written in the session is seen by those who treat the patient', () => {
    const note = { resourceType: 'Observation', id: 'new', subject: { reference: 'Patient/p1' } };

    expect(see('u-lv', note)).toBe('show');
    expect(see('u-nav', note)).toBe('hide');
    expect(see('u-dho', note)).toBe('hide');
  });
});

describe('every resource', () => {
  const keys = new Set(resources.map(keyOf));

  test('has an id of its own', () => {
    expect(keys.size).toBe(resources.length);
    expect(resources.length).toBeGreaterThan(500);
  });

  test('refers only to what is there', () => {
    const dangling = resources.flatMap(one =>
      references(one).filter(reference => !keys.has(reference)),
    );

    expect(dangling).toEqual([]);
  });

  test('keeps national ids out of its id', () => {
    for (const { id } of resources) {
      expect(id).toMatch(/^[a-z][a-z0-9-]{1,63}$/);
      expect(nationalIds.some(national => id?.includes(national.slice(0, 6)))).toBe(false);
    }
  });

  test('was last changed before the demo begins', () => {
    const clock = Date.parse(demoClock);
    const later = resources.filter(({ meta }) => !(Date.parse(meta?.lastUpdated ?? '') <= clock));

    expect(later.map(keyOf)).toEqual([]);
  });

  test('says its times in Norwegian time, summer and winter', () => {
    expect(at('Provenance/p1-history-6')['recorded']).toBe('2026-08-27T09:10:00+02:00');
    expect(at('Provenance/p1-history-1')['recorded']).toBe('2026-11-12T14:20:00+01:00');
  });

  test('has no empty elements', () => {
    expect(JSON.stringify(resources)).not.toMatch(/:(null|\[\]|\{\}|"")/);
  });

  test('passes the checks of the store', () => {
    const faults = resources.flatMap(one =>
      validate(one).map(issue => `${keyOf(one)}: ${issue.diagnostics}`),
    );

    expect(faults).toEqual([]);
  });
});

describe('the six people', () => {
  test.each(data.patients.map(({ name, fnr }) => [name, fnr] as const))(
    'the national id of %s is valid and cannot be anyone’s',
    (_, fnr) => {
      const digits = Array.from(fnr, Number);
      const month = Number(fnr.slice(2, 4));

      expect(digits).toHaveLength(11);
      expect(weighted(digits, [3, 7, 6, 1, 8, 9, 4, 5, 2, 1])).toBe(0);
      expect(weighted(digits, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1])).toBe(0);
      expect(month).toBeGreaterThanOrEqual(81);
      expect(month).toBeLessThanOrEqual(92);
    },
  );

  test('are found under short names', () => {
    expect(demoPatients.map(({ id }) => id)).toEqual(shorts);
    expect(demoPatients.map(({ patientId }) => keyOf(at(`Patient/${patientId}`)))).toEqual(
      shorts.map(id => `Patient/${id}`),
    );
  });

  test('Amina has a D-number, needs an interpreter, and nothing else is recorded', () => {
    const about = resources.filter(one => JSON.stringify(one).includes('Patient/p6'));
    const [amina, ...more] = resources.filter(({ id }) => id?.startsWith('p6'));

    expect(about).toEqual([]);
    expect(more).toEqual([]);
    expect(amina).toMatchObject({
      resourceType: 'Patient',
      identifier: [{ system: 'urn:oid:2.16.578.1.12.4.1.4.2' }],
      extension: [{ valueBoolean: true }],
      communication: [{ language: { coding: [{ code: 'so' }] } }],
    });
    expect(amina).not.toHaveProperty('generalPractitioner');
  });

  test('Jonas has no critical information in the store', () => {
    const about = resources.filter(({ id }) => id?.startsWith('p5'));

    expect(about.map(subject)).not.toContain('critical');
    expect(about.map(subject)).not.toContain('diagnoses');
    expect(about.map(subject)).toContain('acute plan');
  });

  test('Jonas wants text messages, not calls; Elias has his mother’s number', () => {
    expect(at('Patient/p5')['telecom']).toMatchObject([{ system: 'sms' }]);
    expect(at('Patient/p4')).not.toHaveProperty('telecom');
    expect(at('Patient/p4')['contact']).toMatchObject([{ relationship: [{ text: 'mor' }] }]);
  });

  test('Turid was asked about allergies and has none; Amina was not asked', () => {
    expect(at('AllergyIntolerance/p3-allergy-none')).toMatchObject({
      code: { coding: [{ code: '716186003' }] },
      verificationStatus: { coding: [{ code: 'confirmed' }] },
      recordedDate: '2026-08-12',
      recorder: { reference: 'PractitionerRole/u-gp', display: 'Ingrid Fastlund' },
    });
  });

  test('Olav’s penicillin reaction was serious and is only probable', () => {
    expect(at('AllergyIntolerance/p2-allergy-1')).toMatchObject({
      criticality: 'high',
      verificationStatus: { coding: [{ code: 'unconfirmed' }, {}], text: 'sannsynlig' },
      code: { text: 'Fenoksymetylpenicillin', coding: [{ code: 'J01CE02' }] },
      note: [{ text: 'Anafylaksi 1988; alvorlig; sannsynlig. Cefalosporin tålt 2019' }],
    });
  });
});

describe('plans', () => {
  test.each(data.patients.flatMap(patient => patient.plans.map(plan => [patient, plan] as const)))(
    'every line to avoid is marked as not to be done, word for word',
    (patient, plan) => {
      const short = patient.id.slice(0, 2);
      const resource = resources.find(
        ({ id, title, partOf }) => id?.startsWith(short) && title === plan.title && !partOf,
      );
      const forbidden = details(resource!).filter(({ doNotPerform }) => doNotPerform === true);

      expect(forbidden.map(({ description }) => description)).toEqual(plan.avoid ?? []);
    },
  );

  test('Maja’s plan says what to do first, who evaluated it and when it is due again', () => {
    const plan = at('CarePlan/p1-plan-akutt');
    const [first] = details(plan);

    expect(first).toMatchObject({
      status: 'scheduled',
      code: { coding: [{ code: 'gjor-na' }] },
      description: 'Si hvem du er og bruk fornavn. Rolig stemme, én hjelper om gangen.',
    });
    expect(JSON.stringify(plan['extension'])).toContain('2026-11-12');
    expect(JSON.stringify(plan['extension'])).toContain('2027-01-07');
    expect(JSON.stringify(plan['extension'])).toContain('"Maja"');
    expect(plan['identifier']).toMatchObject([{ value: '7' }]);
  });

  test('Turid’s evaluation is overdue', () => {
    const plan = at('CarePlan/p3-plan-egenbehandling');

    expect(JSON.stringify(plan['extension'])).toContain('"valueDate":"2026-11-01"');
  });

  test('Jonas’ last evaluation names those who came, because he did not', () => {
    const plan = at('CarePlan/p5-plan-akutt');

    expect(JSON.stringify(plan['extension'])).toContain(
      '"FACT, LAR-lege, Per Havnes-Test (fastlege)"',
    );
  });

  test('a zone is a child plan with a coloured condition', () => {
    expect(at('CarePlan/p1-plan-akutt-gul')).toMatchObject({
      partOf: [{ reference: 'CarePlan/p1-plan-akutt' }],
      addresses: [{ reference: 'Condition/p1-sone-gul' }],
    });
    expect(at('Condition/p1-sone-gul')).toMatchObject({
      severity: { coding: [{ code: 'yellow' }] },
    });
  });

  test('a goal carries how far the last evaluation found it', () => {
    expect(at('Goal/p1-goal-g2')['achievementStatus']).toMatchObject({
      coding: [{ code: 'achieved' }],
    });
  });
});

describe('contacts', () => {
  // Days as one letter each from Monday; `*` = all day.
  const hours: Record<string, string[]> = {
    'hele døgnet': ['MTWTFSS *'],
    'hver dag 15–23': ['MTWTFSS 15:00:00–23:00:00'],
    'hverdag 08–15': ['MTWTF 08:00:00–15:00:00'],
    'hverdag 08–15.30': ['MTWTF 08:00:00–15:30:00'],
    'hverdag 08–16': ['MTWTF 08:00:00–16:00:00'],
    'hverdag 09–15': ['MTWTF 09:00:00–15:00:00'],
    'hverdag 09–17': ['MTWTF 09:00:00–17:00:00'],
    'hverdag 08–22, helg 10–18': ['MTWTF 08:00:00–22:00:00', 'SS 10:00:00–18:00:00'],
    'kveld, natt, helg': ['MTWTF 16:00:00–08:00:00', 'SS *', 'M 00:00:00–08:00:00'],
    'skoledager 08–15': ['MTWTF 08:00:00–15:00:00'],
  };

  test.each(data.patients.flatMap(({ id, contacts }) => contacts.map(one => [id, one] as const)))(
    'of %s are open when the plan says so',
    (patient, contact) => {
      const id = `${patient.slice(0, 2)}-contact-${contact.rank}`;
      const open = contact.org === 'privat' ? hoursOfPrivate(id) : hoursOfRole(id);

      expect(open).toEqual(hours[contact.hours]);
    },
  );

  test('stand in clinical order with purpose and the day they were confirmed', () => {
    const team = at('CareTeam/p1-team');

    expect(participants(team).map(({ member }) => member?.display)).toEqual(
      data.patients[0]!.contacts.map(({ name }) => name),
    );
    expect(JSON.stringify(participants(team)[7])).toContain('"valueDate":"2026-04-15"');
    expect(JSON.stringify(team['extension'])).toContain('Mor (navn ikke i planen)');
  });

  test('the school is closed in the holidays', () => {
    expect(at('PractitionerRole/p4-contact-4')['notAvailable']).toHaveLength(1);
  });
});

describe('medication', () => {
  test.each(data.patients.map(patient => [patient.name, patient] as const))(
    'every dose of %s stands as it was written',
    (_, patient) => {
      const lines = patient.meds.filter(({ group }) => group !== 'vaksine');
      const doses = lines.map((_line, index) => {
        const line = at(`MedicationStatement/${patient.id.slice(0, 2)}-med-${index + 1}`);
        const [dosage] = (line['dosage'] ?? []) as readonly { text?: string }[];
        return dosage?.text ?? '-';
      });

      expect(doses).toEqual(lines.map(({ dose }) => dose));
    },
  );

  test('stopped, paused and as-needed lines say so', () => {
    expect(at('MedicationStatement/p1-med-6')).toMatchObject({
      status: 'stopped',
      statusReason: [{ text: 'tretthet og vektøkning; venter på fastlegen' }],
    });
    expect(at('MedicationStatement/p2-med-16')).toMatchObject({ status: 'on-hold' });
    expect(at('MedicationStatement/p1-med-4')).toMatchObject({
      status: 'active',
      dosage: [{ asNeededBoolean: true }],
    });
  });

  test('a list says when it was reconciled and by whom', () => {
    expect(at('List/p2-pll')).toMatchObject({
      date: expect.stringMatching(/^2026-11-14/),
      source: { display: 'Arne Gerisen' },
    });
    expect(at('List/p3-pll')).toMatchObject({ date: expect.stringMatching(/^2026-11-20/) });
  });
});

function as(user: string | undefined): Access {
  return {
    user,
    patient: undefined,
    scopes: [],
    purpose: undefined,
    now: () => new Date(demoClock),
  };
}

function see(user: string, resource: Resource) {
  return demoPolicy.sees(as(user), resource);
}

function seen(user: string, key: string) {
  const resource = resources.find(one => keyOf(one) === key);
  return resource && see(user, resource);
}

function wordsSeen(user: string, about: readonly Resource[]): string[] {
  const visible = about.filter(one => see(user, one) === 'show');
  return [...new Set(visible.map(subject))].sort();
}

/** What a resource is about, read from the resource alone: the policy has its own way of knowing. */
function subject(resource: Resource): string {
  const { resourceType, id = '' } = resource;
  const categories = JSON.stringify(resource['category'] ?? '');
  const isWelfare = JSON.stringify(resource.meta).includes('"velferd"');
  switch (resourceType) {
    case 'Patient':
      return 'who it is';
    case 'CarePlan':
      if (id.endsWith('hva-hjelper')) return 'what helps';
      if (id.endsWith('ip-velferd')) return 'welfare excerpt';
      if (categories.includes('"ip"')) return 'individual plan';
      return categories.includes('"behandlingsplan"') ? 'treatment plan' : 'acute plan';
    case 'CareTeam':
      return id.endsWith('-ip-team') ? 'individual plan team' : 'contacts';
    case 'PractitionerRole':
    case 'RelatedPerson':
      return 'contacts';
    case 'AllergyIntolerance':
    case 'Flag':
    case 'Procedure':
      return 'critical';
    case 'Consent':
      return categories.includes('4.1.1.7651') ? 'critical' : 'sharing';
    case 'Condition':
      if (categories.includes('"sone"')) return 'acute plan';
      return categories.includes('4.1.1.7651') ? 'critical' : 'diagnoses';
    case 'MedicationStatement':
    case 'MedicationRequest':
    case 'Medication':
    case 'Immunization':
    case 'List':
      return 'medication';
    case 'Goal':
      if (id === 'p2-goal-o1' || id === 'p3-goal-t1') return 'acute plan';
      return isWelfare ? 'welfare' : 'health goals and measures';
    case 'ServiceRequest':
      return isWelfare ? 'welfare' : 'health goals and measures';
    case 'Encounter':
    case 'QuestionnaireResponse':
    case 'Communication':
      return 'evaluations';
    case 'Task':
      return 'tasks';
    case 'Observation':
    case 'DiagnosticReport':
      return 'results';
    case 'DocumentReference':
    case 'Binary':
      return 'documents';
    case 'Provenance':
      return 'history';
    default:
      return resourceType;
  }
}

function at(key: string): Resource {
  const found = resources.find(one => keyOf(one) === key);
  if (!found) throw new Error(`The demo has no ${key}`);
  return found;
}

function keyOf({ resourceType, id }: Resource): string {
  return `${resourceType}/${id}`;
}

function references(holder: unknown): string[] {
  if (typeof holder !== 'object' || holder === null) return [];
  return Object.entries(holder).flatMap(([name, value]) =>
    name === 'reference' && typeof value === 'string' ? [value] : references(value),
  );
}

function details(plan: Resource) {
  const activity = (plan['activity'] ?? []) as readonly { detail?: Record<string, unknown> }[];
  return activity.flatMap(({ detail }) => (detail ? [detail] : []));
}

interface Participant {
  readonly member?: { readonly reference: string; readonly display: string };
  readonly extension: readonly { readonly url: string; readonly extension?: readonly Part[] }[];
}

interface Part {
  readonly url: string;
  readonly [value: string]: unknown;
}

function participants(team: Resource) {
  return team['participant'] as readonly Participant[];
}

function hoursOfRole(id: string): string[] {
  const times = at(`PractitionerRole/${id}`)['availableTime'] as readonly Record<string, unknown>[];
  return times.map(time =>
    inShort(
      time['daysOfWeek'] as string[],
      time['allDay'],
      time['availableStartTime'],
      time['availableEndTime'],
    ),
  );
}

function hoursOfPrivate(id: string): string[] {
  const team = at(`CareTeam/${id.slice(0, 2)}-team`);
  const participant = participants(team).find(
    ({ member }) => member?.reference === `RelatedPerson/${id}`,
  );
  const stretches = participant!.extension.filter(({ url }) =>
    url.endsWith('no-plan-contact-hours'),
  );
  return stretches.map(({ extension = [] }) => {
    const valuesOf = (name: string) =>
      extension
        .filter(({ url }) => url === name)
        .map(part => part['valueCode'] ?? part['valueBoolean'] ?? part['valueTime']);
    return inShort(
      valuesOf('daysOfWeek') as string[],
      valuesOf('allDay')[0],
      valuesOf('availableStartTime')[0],
      valuesOf('availableEndTime')[0],
    );
  });
}

function inShort(days: readonly string[], allDay: unknown, start: unknown, end: unknown): string {
  const letters = days.map(day => day.slice(0, 1).toUpperCase()).join('');
  return allDay === true ? `${letters} *` : `${letters} ${String(start)}–${String(end)}`;
}

/** Modulus 11: the weighted sum of a valid id's digits divides by eleven. */
function weighted(digits: readonly number[], weights: readonly number[]): number {
  return weights.reduce((sum, weight, index) => sum + weight * digits[index]!, 0) % 11;
}
