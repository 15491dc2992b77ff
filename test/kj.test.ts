import { describe, expect, test, vi } from 'vitest';
import { safetyView } from '../src/critical/safety-view.ts';
import { detailsOf } from '../src/record/critical/critical-details.ts';
import type { CriticalItem } from '../src/record/model.ts';
import type { Known } from '../src/record/reading.ts';
import { openRecord } from '../src/record/record.ts';
import data from '../src/sandbox/demo/demo-patients.json' with { type: 'json' };
import { type Bench, bench, type Wanted } from './bench.ts';

/** Amina is known by D-number. */
const amina = {
  system: 'urn:oid:2.16.578.1.12.4.1.4.2',
  value: data.patients.find(({ id }) => id.startsWith('p6'))?.fnr ?? '',
};

const KJ = 'Kilde kj';
const EHR = 'Sandkassen';
const KJ_PROFILE = 'http://nhn.no/kj/fhir/StructureDefinition/';
const KJ_SOURCES = 'http://nhn.no/kj/fhir/CodeSystem/SourceOfInformation';
const volven = (list: number, code: string, display?: string) => ({
  system: `urn:oid:2.16.578.1.12.4.1.1.${list}`,
  code,
  display,
});

interface With extends Pick<Wanted, 'user' | 'patient'> {
  readonly purpose?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** What kjernejournal says instead of what the demo says, by path and search. */
  readonly answers?: Readonly<Record<string, object | number>>;
}

const benches = new Map<string, Promise<Bench>>();

/** One sign-in per user and patient: nothing at this bench changes. */
function benchFor({ user, patient = 'p6' }: With): Promise<Bench> {
  const key = `${user} ${patient}`;
  const known = benches.get(key);
  if (known) return known;
  const fresh = bench({ ...(user ? { user } : {}), patient, sources: [{ kind: 'kj', at: 'kj' }] });
  benches.set(key, fresh);
  return fresh;
}

/** Critical information of a record with kjernejournal beside the EHR, once both have answered. */
const read = async (wanted: With) => readAt(await benchFor(wanted), wanted);

async function readAt(b: Bench, { purpose, headers, answers = {} }: With = {}) {
  const sent: Request[] = [];
  let open = 0;
  let most = 0;
  const record = openRecord({
    ...b.session,
    purpose,
    sources: b.session.sources.map(one => ({ ...one, headers: headers ?? one.headers })),
    async fetch(request) {
      const { pathname, search } = new URL(request.url);
      if (!pathname.startsWith('/kj/')) return b.session.fetch(request);
      sent.push(request.clone());
      open += 1;
      most = Math.max(most, open);
      const said = answers[(pathname + search).slice('/kj/'.length)];
      // Long enough for every question that is asked side by side to be on its way.
      await new Promise(resolve => setTimeout(resolve, 5));
      const response =
        said === undefined
          ? await b.session.fetch(request)
          : typeof said === 'number'
            ? new Response('{}', { status: said })
            : Response.json(said, { status: 'issue' in said ? 403 : 200 });
      open -= 1;
      return response;
    },
  });
  await vi.waitFor(
    () => {
      for (const { sections, label } of record.sources.value)
        if (label === KJ || label === EHR)
          expect(sections.find(({ name }) => name === 'critical')?.known).toBeDefined();
    },
    { timeout: 20_000, interval: 20 },
  );
  // The merge is fetched beside the answers.
  await import('../src/record/critical/critical-merge.ts');
  await new Promise(resolve => setTimeout(resolve, 0));
  const known = record.critical.value;
  if (known.state === 'loading') throw new Error('still loading');
  const paths = sent.map(({ url }) => new URL(url)).map(url => url.pathname + url.search);
  return { known, sent, paths, most };
}

const line = (known: Known<CriticalItem>) => safetyView(known, EHR).parts.join(' · ');
const critical = ({ items }: Known<CriticalItem>) => items.filter(({ kind }) => kind !== 'other');
const textsOf = (known: Known<CriticalItem>) => critical(known).map(({ text }) => text);
const sourcesOf = ({ source, also = [] }: CriticalItem) =>
  [source, ...also.map(other => other.source)].map(({ from }) => from);
/** SAFETY 4: nothing received is lost, merged or not. */
const accountedFor = ({ items, setAside }: Known<CriticalItem>) =>
  items.length + items.flatMap(({ also = [] }) => also).length + setAside.length;

const some = { hasCriticalInformation: true, privacySetting: 'none' };
const bundle = (...resources: object[]) => ({
  resourceType: 'Bundle',
  type: 'searchset',
  entry: resources.map(resource => ({ resource, search: { mode: 'match' } })),
});

describe('critical information from the EHR and from kjernejournal', () => {
  test('is one row where both have it, with both named, and nothing is counted twice', async () => {
    const { known } = await read({ patient: 'p2' });
    expect(textsOf(known)).toEqual([
      'Fenoksymetylpenicillin',
      'Pacemaker 2019, MR-betinget',
      'Antikoagulasjon apiksaban',
      'HLR-minus. Full behandling på sengepost, ikke intensiv',
    ]);
    for (const item of critical(known)) {
      expect(sourcesOf(item)).toEqual([EHR, KJ]);
      expect(item.flags).toEqual([]);
    }
    expect(known.gaps).toEqual([]);
    expect(accountedFor(known)).toBe(known.received);
    expect(line(known)).toBe('Overfølsom: Fenoksymetylpenicillin · HLR-minus · KI 4');
  });

  test('keeps how sure kjernejournal is, whose word it is, and who wrote it down', async () => {
    const { known } = await read({ patient: 'p2' });
    const [fromKj] = critical(known)[0]?.also ?? [];
    expect(fromKj).toMatchObject({
      certainty: 'presumed',
      severity: 'high',
      recorded: '2014-09-09',
      by: 'Ingrid Fastlund',
    });
    expect(detailsOf(fromKj!).informationSource).toBe('2');
  });

  test('says until when kjernejournal holds it to be valid', async () => {
    const { known } = await read({ patient: 'p1' });
    const flag = critical(known).find(({ kind }) => kind === 'procedure-change');
    expect(flag?.also?.[0]).toMatchObject({ validUntil: '2027-05-12', expired: false });
    expect(flag?.also?.[0]?.details).toContain('Gyldig til 12.05.2027');
  });

  test('the ambulance sees both sources too', async () => {
    const { known } = await read({ patient: 'p2', user: 'u-amb' });
    expect(critical(known).map(sourcesOf)).toEqual([
      [EHR, KJ],
      [EHR, KJ],
      [EHR, KJ],
      [EHR, KJ],
    ]);
  });

  test('Turids «ingen kjente» stands when both sources have answered in full', async () => {
    const { known } = await read({ patient: 'p3' });
    expect(line(known)).toBe(
      'Ingen kjente overfølsomhetsreaksjoner – bekreftet 12.08.2026 av Ingrid Fastlund · KI 1',
    );
  });

  test('Aminas nothing is «not recorded», in both, and kjernejournal is asked no further', async () => {
    const { known, paths } = await read({ patient: 'p6' });
    expect(known.state).toBe('none-recorded');
    expect(paths).toEqual(['/kj/status']);
    expect(line(known)).toBe('Overfølsomhet er ikke registrert – spør');
  });
});

describe('when kjernejournal does not answer', () => {
  test('what the EHR has stands, and what may be missing is said', async () => {
    const b = await bench({ patient: 'p2', sources: [{ kind: 'kj', at: 'kj' }] });
    await b.sandbox.fetch(
      new Request(`${b.sandbox.ehrOrigin}/ehr/sources`, { method: 'POST', body: '{"kj":"off"}' }),
    );
    const { known } = await readAt(b);
    expect(critical(known)).toHaveLength(4);
    expect(known.gaps).toEqual([{ what: KJ, from: KJ, why: 'failed' }]);
    expect(line(known)).toBe('Overfølsom: Fenoksymetylpenicillin · HLR-minus · KI minst 4');
  });

  test('Turids «ingen kjente» is not repeated', async () => {
    const { known } = await read({ patient: 'p3', answers: { status: 500 } });
    expect(line(known)).toBe(`Kunne ikke hente overfølsomhet fra ${KJ} – spør · KI minst 1`);
  });

  test.each([
    ['nothing we know', { nothing: true }],
    ['no word on whether there is anything', { privacySetting: 'none' }],
  ])('a status that says %s is a failure, never «nothing»', async (_, status) => {
    const { known } = await read({ answers: { status } });
    expect(known).toMatchObject({ state: 'failed', failing: KJ });
  });

  test('one kind that fails leaves the others standing', async () => {
    const flag = { resourceType: 'Flag', id: 'f', status: 'active', code: { text: 'Ring DPS' } };
    const { known } = await read({
      answers: {
        status: some,
        Flag: bundle({ ...flag, subject: { identifier: amina } }),
        'AllergyIntolerance?criticalInfoType=DrugReaction': 503,
      },
    });
    expect(textsOf(known)).toEqual(['Ring DPS']);
    expect(known.gaps).toEqual([{ what: 'AllergyIntolerance', from: KJ, why: 'failed' }]);
    expect(line(known)).toBe(`Kunne ikke hente overfølsomhet fra ${KJ} – spør · KI minst 1`);
  });
});

describe('what the patient keeps from kjernejournal', () => {
  test('Jonas has closed it: it is said to be closed, and nothing more is asked', async () => {
    const { known, paths } = await read({ patient: 'p5', user: 'u-lv' });
    expect(known).toMatchObject({ state: 'withheld', withheld: 'restricted' });
    expect(known.gaps).toContainEqual({
      what: KJ,
      from: KJ,
      why: 'withheld',
      withheld: 'restricted',
    });
    expect(paths).toEqual(['/kj/status']);
    expect(line(known)).toBe('Overfølsomhet er sperret av pasienten – spør');
  });

  test('in an emergency that the user has declared, it is asked for as such', async () => {
    const { known, sent } = await read({ patient: 'p5', user: 'u-amb', purpose: 'ETREAT' });
    expect(sent).toHaveLength(11);
    for (const { headers } of sent) expect(headers.get('nhn-access-basis')).toBe('AKUTT');
    // The demo never made what Jonas closed: it stays closed, and «ingen» is not said.
    expect(known).toMatchObject({ state: 'withheld', withheld: 'restricted' });
    expect(critical(known)).toEqual([]);
  });

  test.each(['TREAT', 'BTG', undefined])('the purpose %s opens nothing', async purpose => {
    const { paths } = await read({ patient: 'p5', purpose });
    expect(paths).toEqual(['/kj/status']);
  });

  test.each([
    ['reservation', 'reserved', 'Overfølsomhet: pasienten har reservert seg – spør'],
    ['blocked', 'blocked-at-source', `Overfølsomhet er holdt tilbake av ${KJ} – spør`],
  ])(
    '%s: nothing of it is asked for, emergency or not',
    async (privacySetting, withheld, words) => {
      const status = { hasCriticalInformation: true, privacySetting };
      const { known, paths } = await read({ purpose: 'ETREAT', answers: { status } });
      expect(paths).toEqual(['/kj/status']);
      expect(known).toMatchObject({ state: 'withheld', withheld, failing: KJ });
      expect(line(known)).toBe(words);
    },
  );

  test('a block there leaves what the EHR shows', async () => {
    const status = { hasCriticalInformation: true, privacySetting: 'blocked' };
    const { known } = await read({ patient: 'p2', answers: { status } });
    expect(critical(known)).toHaveLength(4);
    expect(known.withheld).toBe('blocked-at-source');
  });

  test('a refusal that says «blocked» is no block in the EHR', async () => {
    const blocked = {
      resourceType: 'OperationOutcome',
      issue: [{ severity: 'error', code: 'forbidden', details: { coding: [{ code: 'blocked' }] } }],
    };
    const first = await read({ patient: 'p2', answers: { status: blocked } });
    const later = await read({ patient: 'p2', answers: { Flag: blocked } });
    for (const { known } of [first, later]) {
      expect(critical(known)).toHaveLength(4);
      expect(known).toMatchObject({ withheld: 'blocked-at-source', failure: undefined });
    }
  });

  test('a setting nobody has told us of is said to keep something back, and what may be had is fetched', async () => {
    const status = { hasCriticalInformation: true, privacySetting: 'somethingNew' };
    const { known } = await read({ patient: 'p2', answers: { status } });
    expect(critical(known).map(sourcesOf)).toContainEqual([EHR, KJ]);
    expect(known.gaps).toEqual([{ what: KJ, from: KJ, why: 'withheld', withheld: 'unspecified' }]);
  });
});

describe('how kjernejournal is asked', () => {
  test('about one patient, named in headers alone, on one basis, as one event, six at a time', async () => {
    const { value } = amina;
    const headers = { 'NHN-Access-Basis': 'SAMTYKKE', 'nhn-user-role': 'LE' };
    const { sent, paths, most } = await read({ headers, answers: { status: some } });
    expect(paths[0]).toBe('/kj/status');
    expect(await sent[0]?.json()).toEqual({ nin: value });
    expect(new Set(paths).size).toBe(11);
    expect(most).toBe(6);
    expect(paths.join()).not.toContain(value);
    for (const request of sent) {
      expect(request.headers.get('nhn-patient-nin')).toBe(value);
      expect(request.headers.get('nhn-access-basis')).toBe('SAMTYKKE');
      expect(request.headers.get('nhn-user-role')).toBe('LE');
      expect(request.headers.get('nhn-source-system')).toBe('Sideplan');
      expect(request.headers.get('nhn-event-id')).toBe(sent[0]?.headers.get('nhn-event-id'));
    }
    expect(sent[0]?.headers.get('nhn-event-id')).toMatch(/^[\da-f-]{36}$/);
  });

  test('an emergency is the one basis, however the configuration spells its own', async () => {
    const headers = { 'NHN-Access-Basis': 'UNNTAK' };
    const { sent } = await read({ purpose: 'ETREAT', headers, answers: { status: some } });
    for (const request of sent) expect(request.headers.get('nhn-access-basis')).toBe('AKUTT');
  });
});

/** One resource of kjernejournal's about Amina, as it is read. */
async function readOne(search: string, resource: object) {
  const whose = search.startsWith('Allergy') || search === 'Consent' ? 'patient' : 'subject';
  const { known } = await read({
    answers: {
      status: some,
      [search]: bundle({
        resourceType: search.split('?')[0],
        id: 'one',
        [whose]: { identifier: amina },
        ...resource,
      }),
    },
  });
  expect(known.items).toHaveLength(1);
  return known.items[0]!;
}
const DRUG = 'AllergyIntolerance?criticalInfoType=DrugReaction';
const active = { clinicalStatus: { coding: [{ code: 'active' }] } };
const kj = (name: string, value: object) => ({ url: KJ_PROFILE + name, ...value });
const codeable = (...coding: object[]) => ({ valueCodeableConcept: { coding } });

describe('the shapes of kjernejournal', () => {
  test.each([
    ['IntubationProblem', 'anaesthesia'],
    ['OtherProblemWithAnesthesia', 'anaesthesia'],
    ['CriticalMedicalCondition', 'condition'],
    ['Infection', 'infection'],
    ['TransplantsAndOtherForeignBodies', 'implant'],
  ])('a Condition without category is of the kind asked for: %s', async (info, kind) => {
    const item = await readOne(`Condition?criticalInfoType=${info}`, {
      ...active,
      code: { text: 'Uten kategori' },
    });
    expect(item).toMatchObject({ kind, text: 'Uten kategori' });
  });

  test.each(['Procedure', 'Flag', 'Consent'])(
    'a %s that cannot be read keeps its row, among what matters',
    async type => {
      const item = await readOne(type, { status: 7 });
      expect(item).toMatchObject({ text: undefined, flags: ['unreadable'] });
      expect(item.kind).not.toBe('other');
    },
  );

  test('severity by Volven 7520 wherever it stands; the more serious of two wins', async () => {
    const extension = [kj('severity', codeable(volven(7520, '1', 'Alvorlig')))];
    const item = await readOne(DRUG, {
      ...active,
      criticality: 'low',
      _criticality: { extension },
      code: { text: 'Penicillin' },
    });
    expect(item).toMatchObject({ severity: 'high', text: 'Penicillin' });
  });

  test.each([
    ['KjPresumed', 'presumed', { extension: [kj('KjPresumed', { valueBoolean: true })] }, []],
    ['7521#2 beside it', 'presumed', {}, [kj('verification', codeable(volven(7521, '2')))]],
    ['7521#3 beside it', 'confirmed', {}, [kj('verification', codeable(volven(7521, '3')))]],
    ['7524#2', 'refuted', {}, [kj('verified', codeable(volven(7524, '2')))]],
  ])('«unconfirmed» with %s is %s', async (_, certainty, more, extension) => {
    const coding = [{ code: 'unconfirmed' }];
    const item = await readOne(DRUG, {
      ...active,
      verificationStatus: { coding, ...more },
      extension,
      code: { text: 'Penicillin' },
    });
    expect(item.certainty).toBe(certainty);
    expect(item.currency).toBe(certainty === 'refuted' ? 'over' : 'current');
  });

  test('what it is may stand in an extension; how it is sorted and vouched for is not what it is', async () => {
    const item = await readOne('Flag', {
      status: 'active',
      category: [{ coding: [volven(7651, '9', 'Annen prosedyreendring')] }],
      extension: [
        kj(
          'KjSourceOfInformation',
          codeable({ system: KJ_SOURCES, code: '3', display: 'Pasientens egne opplysninger' }),
        ),
        kj('procedure', codeable(volven(7522, '1', 'Reservert mot blodtransfusjon'))),
        kj('CodeInfoText', { valueString: 'Gjelder også plasma' }),
        kj('note', { valueString: 'Skriftlig erklæring' }),
      ],
    });
    expect(item.text).toBe('Reservert mot blodtransfusjon');
    expect(item.details).toEqual(['Skriftlig erklæring', 'Gjelder også plasma']);
    expect(detailsOf(item).informationSource).toBe('3');
  });

  test('a reaction in no-basis’ misprinted list is read as the list', async () => {
    const misprint = { system: 'urn:uid:2.16.578.1.12.4.1.1.7520', code: '1' };
    const item = await readOne(DRUG, {
      ...active,
      code: { text: 'Penicillin' },
      extension: [kj('severity', codeable(misprint))],
    });
    expect(item.severity).toBe('high');
  });

  test.each([
    ['AllergyIntolerance?criticalInfoType=OtherAllergen', { ...active, code: { text: 'Nøtter' } }],
    ['Consent', { status: 'active', provision: { code: [{ text: 'Avgrensning' }] } }],
  ])('%s past its date is shown in force, and marked', async (search, resource) => {
    const item = await readOne(search, {
      ...resource,
      extension: [kj('validUntil', { valueDateTime: '2026-01-31' })],
    });
    expect(item).toMatchObject({ currency: 'current', validUntil: '2026-01-31', expired: true });
  });

  test('who: the contained recorder, else whoever changed it last', async () => {
    const contained = [
      { resourceType: 'PractitionerRole', id: 'w', practitioner: { display: 'Arne Gerisen' } },
    ];
    const flag = { status: 'active', code: { text: 'Ring DPS' }, contained };
    const written = await readOne('Flag', { ...flag, author: { reference: '#w' } });
    expect(written.by).toBe('Arne Gerisen');
    const changed = await readOne('Flag', {
      ...flag,
      extension: [
        kj('updater', { valueReference: { reference: '#w' } }),
        kj('updatedDateTime', { valueDateTime: '2026-03-04T10:00:00+01:00' }),
      ],
    });
    expect(changed).toMatchObject({ by: 'Arne Gerisen', recorded: '2026-03-04T10:00:00+01:00' });
  });

  test('somebody else’s is set aside', async () => {
    const { known } = await read({
      answers: {
        status: some,
        Flag: bundle({
          resourceType: 'Flag',
          id: 'f',
          status: 'active',
          subject: { reference: 'Patient/p6' },
        }),
      },
    });
    expect(known).toMatchObject({ items: [], setAside: [{ why: 'other-patient' }], received: 1 });
  });
});
