import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readDataFiles } from '../src/sandbox/data-files.ts';
import type { Resource } from '../src/sandbox/types.ts';

const real = fileURLToPath(new URL('../../shared/data/real', import.meta.url));
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'data-files-'));
});

afterEach(() => rm(folder, { recursive: true }));

describe('what is read', () => {
  test('one resource from one file', async () => {
    await file('kari.json', kari);

    const { resources, patients, problems } = await readDataFiles(join(folder, 'kari.json'));

    expect(resources).toEqual([kari]);
    expect(patients).toEqual([
      { id: 'kari', patientId: 'kari', name: 'Kari Test', born: '1980-01-02' },
    ]);
    expect(problems).toEqual([]);
  });

  test('a folder with folders in it, and only its json files', async () => {
    await file('b/later.json', { ...kari, id: 'b' });
    await file('a.json', { ...kari, id: 'a' });
    await file('notes.txt', 'not read');

    const { patients, problems } = await readDataFiles(folder);

    expect(patients.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(problems).toEqual([]);
  });

  test('a Bundle of any type, and a Bundle in a Bundle', async () => {
    await file('bundle.json', bundle(kari, bundle({ resourceType: 'List', id: 'l' })));

    expect(keys((await readDataFiles(folder)).resources)).toEqual(['Patient/kari', 'List/l']);
  });

  test('the Bundle inside the Parameters that SFM answers with', async () => {
    await file('sfm.json', {
      resourceType: 'Parameters',
      parameter: [
        { name: 'KJFeilkode', valueString: '5' },
        { name: 'medication', resource: bundle(kari, { resourceType: 'Basic', id: 'pll' }) },
        { name: 'more', part: [{ name: 'one', resource: { resourceType: 'List', id: 'l' } }] },
      ],
    });

    expect(keys((await readDataFiles(folder)).resources)).toEqual([
      'Patient/kari',
      'Basic/pll',
      'List/l',
    ]);
  });

  test('faults stay as they came', async () => {
    const faulty = { resourceType: 'Encounter', id: 'e', status: 'active', class: 7, made: 'up' };
    await file('faulty.json', faulty);

    expect((await readDataFiles(folder)).resources).toEqual([faulty]);
  });
});

describe('what cannot be used', () => {
  test('is named with its file, and the rest is read', async () => {
    await file('broken.json', '{ "resourceType": "Patient", }');
    await file('other.json', { hello: 'world' });
    await file('empty.json', { resourceType: 'Bundle', type: 'searchset' });
    await file('half.json', bundle(kari, { no: 'type' }));

    const { problems, patients } = await readDataFiles(folder);

    expect(problems).toEqual([
      expect.stringMatching(/^broken\.json is not JSON: .+\.$/),
      'empty.json holds a Bundle without resources.',
      'half.json holds something that is not FHIR: no resourceType.',
      'other.json holds something that is not FHIR: no resourceType.',
    ]);
    expect(patients).toHaveLength(1);
  });

  test('a path that does not exist is said, not thrown', async () => {
    const { problems, resources } = await readDataFiles(join(folder, 'nowhere'));

    expect(problems).toEqual([expect.stringContaining('nowhere could not be read')]);
    expect(resources).toEqual([]);
  });
});

describe('references', () => {
  test('a urn and a full address become Type/id', async () => {
    const entries = [
      { fullUrl: 'urn:uuid:11111111-2222-3333-4444-555555555555', resource: kari },
      {
        fullUrl: 'https://ehr.example/fhir/Medication/m',
        resource: { resourceType: 'Medication', id: 'm' },
      },
      {
        resource: {
          resourceType: 'MedicationStatement',
          id: 's',
          subject: { reference: 'urn:uuid:11111111-2222-3333-4444-555555555555' },
          medicationReference: { reference: 'https://ehr.example/fhir/Medication/m' },
          extension: [{ url: 'https://ehr.example/fhir/Medication/m', valueBoolean: true }],
        },
      },
    ];
    await file('bundle.json', { resourceType: 'Bundle', type: 'document', entry: entries });

    expect(await found('MedicationStatement/s')).toMatchObject({
      subject: { reference: 'Patient/kari' },
      medicationReference: { reference: 'Medication/m' },
      extension: [{ url: 'https://ehr.example/fhir/Medication/m' }],
    });
  });

  test('an entry without id gets the one in its fullUrl, else one that is always the same', async () => {
    const { id: _, ...nameless } = kari;
    await file('bundle.json', {
      resourceType: 'Bundle',
      entry: [
        { fullUrl: 'urn:uuid:11111111-2222-3333-4444-555555555555', resource: nameless },
        { resource: { resourceType: 'List', title: 'without id' } },
      ],
    });

    const first = await readDataFiles(folder);
    const second = await readDataFiles(folder);

    expect(keys(first.resources)[0]).toBe('Patient/11111111-2222-3333-4444-555555555555');
    expect(keys(first.resources)[1]).toMatch(/^List\/[0-9a-f]{16}$/);
    expect(keys(second.resources)).toEqual(keys(first.resources));
  });
});

describe('the same id twice', () => {
  test('with the same content is one resource', async () => {
    await file('a.json', kari);
    await file('b.json', kari);

    expect(keys((await readDataFiles(folder)).resources)).toEqual(['Patient/kari']);
  });

  test('with different content is two people, and each file’s references keep to its own', async () => {
    await file('a.json', bundle(kari, plan('plan-a')));
    await file('b.json', bundle({ ...kari, birthDate: '1999-09-09' }, plan('plan-b')));

    const { patients } = await readDataFiles(folder);

    expect(patients).toMatchObject([
      { id: 'kari', born: '1980-01-02' },
      { id: 'kari-2', born: '1999-09-09' },
    ]);
    expect(await found('CarePlan/plan-a')).toMatchObject({
      subject: { reference: 'Patient/kari' },
    });
    expect(await found('CarePlan/plan-b')).toMatchObject({
      subject: { reference: 'Patient/kari-2' },
    });
  });

  test('in two folders: a plan belongs to the person in its own folder', async () => {
    await file('one/kari.json', kari);
    await file('two/kari.json', { ...kari, birthDate: '1999-09-09' });
    await file('two/plan.json', plan('plan'));

    expect(await found('CarePlan/plan')).toMatchObject({
      subject: { reference: 'Patient/kari-2' },
    });
  });
});

describe('a patient nobody sent', () => {
  test('gets a placeholder under the id that was referred to', async () => {
    await file('flag.json', {
      resourceType: 'Flag',
      id: 'f',
      subject: { reference: 'https://ehr.example/fhir/Patient/x9/_history/2' },
    });

    const { patients } = await readDataFiles(folder);

    expect(patients).toEqual([
      { id: 'x9', patientId: 'x9', name: 'Ukjent navn (fra datafil)', born: '' },
    ]);
    expect(await found('Flag/f')).toMatchObject({ subject: { reference: 'Patient/x9' } });
    expect(await found('Patient/x9')).toMatchObject({
      name: [{ text: 'Ukjent navn (fra datafil)' }],
    });
  });

  test('is understood where a reference is written in lower case', async () => {
    await file('flag.json', {
      resourceType: 'Flag',
      id: 'f',
      subject: { reference: 'patient/x9' },
    });

    expect(await found('Flag/f')).toMatchObject({ subject: { reference: 'Patient/x9' } });
  });

  test('known only by an identifier is one person, whoever asks', async () => {
    const identifier = { system: 'urn:oid:2.16.578.1.12.4.1.4.1', value: '13717404089' };
    await file('a.json', { resourceType: 'Observation', id: 'a', subject: { identifier } });
    await file('b.json', { resourceType: 'Observation', id: 'b', subject: { identifier } });

    const { patients, resources } = await readDataFiles(folder);

    expect(patients).toHaveLength(1);
    expect(patients[0]!.id).not.toContain('13717404089');
    const reference = `Patient/${patients[0]!.id}`;
    expect(resources).toMatchObject([
      { subject: { identifier, reference } },
      { subject: { identifier, reference } },
      { resourceType: 'Patient', identifier: [identifier] },
    ]);
  });

  test('known only by an identifier that a loaded patient has, is that patient', async () => {
    const identifier = { system: 'urn:oid:2.16.578.1.12.4.1.4.1', value: '13717404089' };
    await file('a.json', { resourceType: 'Observation', id: 'a', subject: { identifier } });
    await file('b.json', { ...kari, identifier: [identifier] });

    expect(await found('Observation/a')).toMatchObject({ subject: { reference: 'Patient/kari' } });
  });

  test('known only by a name on the screen', async () => {
    await file('a.json', { resourceType: 'Consent', id: 'a', patient: { display: 'Ola' } });

    const { patients } = await readDataFiles(folder);

    expect(patients).toMatchObject([{ id: expect.stringMatching(/^pasient-[0-9a-f]{16}$/) }]);
    expect(await found('Consent/a')).toMatchObject({
      patient: { display: 'Ola', reference: `Patient/${patients[0]!.id}` },
    });
  });

  test('a subject that is something else gets no chart', async () => {
    await file('a.json', { resourceType: 'Flag', id: 'a', subject: { reference: 'Group/all' } });
    await file('b.json', { resourceType: 'Flag', id: 'b', subject: { reference: '#p' } });

    expect((await readDataFiles(folder)).patients).toEqual([]);
  });
});

describe.skipIf(!existsSync(real))(`real files (skipped where ${real} is not there)`, () => {
  test('all are read, and every subject has a chart', async () => {
    const { resources, patients, problems } = await readDataFiles(real);
    const charts = new Set(patients.map(({ id }) => `Patient/${id}`));
    const about = resources
      .flatMap(({ subject, patient }) => [subject, patient])
      .map(reference => referenceOf(reference))
      .filter(reference => reference?.toLowerCase().includes('patient/'));

    expect(resources.length).toBeGreaterThan(1000);
    expect(about.filter(reference => !charts.has(reference ?? ''))).toEqual([]);
    expect(problems.find(problem => problem.includes('ORIGINAL.json is not JSON'))).toBeDefined();
  }, 30_000);

  test('each of them also alone', async () => {
    const names = await readdir(real, { recursive: true });
    for (const name of names.filter(one => one.endsWith('.json'))) {
      const { resources, problems } = await readDataFiles(join(real, name));
      expect(resources.length + problems.length, name).toBeGreaterThan(0);
    }
  }, 30_000);

  test('SFM’s answer is one patient with ten lines and eleven drugs', async () => {
    const { resources, patients, problems } = await readDataFiles(
      join(real, 'NorskHelsenett+SFM.tools/Troy_getMedResponse_v3-9_e-multidose.fixed.json'),
    );
    const ids = new Set(keys(resources));
    const drugs = ofType(resources, 'MedicationStatement').map(line =>
      referenceOf(line['medicationReference']),
    );

    expect(problems).toEqual([]);
    expect(patients).toHaveLength(1);
    expect(drugs).toHaveLength(10);
    expect(ofType(resources, 'Medication')).toHaveLength(11);
    expect(ofType(resources, 'Basic')).toHaveLength(3);
    expect(drugs.filter(drug => !ids.has(drug ?? ''))).toEqual([]);
  });

  test('Synthea’s bundle is one patient with everything about him', async () => {
    const { resources, patients } = await readDataFiles(
      join(
        real,
        'smart-on-fhir+generated-sample-data/Douglas_Walsh_aa28eaec-f043-4f55-bc22-a787edb0639e.json',
      ),
    );
    const subjects = new Set(
      resources.flatMap(({ subject, patient }) => {
        const reference = referenceOf(subject) ?? referenceOf(patient);
        return reference ? [reference] : [];
      }),
    );

    expect(patients).toHaveLength(1);
    expect([...subjects]).toEqual([`Patient/${patients[0]!.id}`]);
    expect(ofType(resources, 'CarePlan')).toHaveLength(7);
    expect(resources.length).toBeGreaterThan(800);
  });
});

const kari: Resource = {
  resourceType: 'Patient',
  id: 'kari',
  name: [{ given: ['Kari'], family: 'Test' }],
  birthDate: '1980-01-02',
};

function plan(id: string) {
  return { resourceType: 'CarePlan', id, subject: { reference: 'Patient/kari' } };
}

function bundle(...resources: readonly object[]) {
  return {
    resourceType: 'Bundle',
    type: 'collection',
    entry: resources.map(resource => ({ resource })),
  };
}

async function file(name: string, content: object | string): Promise<void> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
}

async function found(key: string): Promise<Resource | undefined> {
  const { resources } = await readDataFiles(folder);
  return resources.find(({ resourceType, id }) => `${resourceType}/${id}` === key);
}

function keys(resources: readonly Resource[]): string[] {
  return resources.map(({ resourceType, id }) => `${resourceType}/${id}`);
}

function ofType(resources: readonly Resource[], type: string): readonly Resource[] {
  return resources.filter(({ resourceType }) => resourceType === type);
}

function referenceOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('reference' in value)) return undefined;
  return typeof value.reference === 'string' ? value.reference : undefined;
}
