import { describe, expect, test } from 'vitest';
import { openAttachment } from '../src/record/documents/document-content.ts';
import type { PatientDocument } from '../src/record/documents/documents.ts';
import type { Known } from '../src/record/reading.ts';
import { openRecord } from '../src/record/record.ts';
import type { Resource } from '../src/sandbox/types.ts';
import { answered, type Bench, bench } from './bench.ts';

const MHD = [{ kind: 'mhd', at: 'pjd' }] as const;

/** What is known when everybody who is asked for documents has answered. */
async function documentsOf(at: Bench): Promise<Known<PatientDocument>> {
  return answered(openRecord(at.session).documents);
}

const switched = (at: Bench, states: object) =>
  at.sandbox.fetch(
    new Request(`${at.sandbox.ehrOrigin}/ehr/sources`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(states),
    }),
  );

/** A bench whose answers to one address are given word for word. */
async function benchAnswering(
  path: string,
  answers: readonly (readonly [body: BodyInit, headers?: Record<string, string>])[],
  sources: readonly { kind: 'mhd'; at: string }[] = MHD,
) {
  const at = await bench({ patient: 'p6', sources });
  const { fetch } = at.session;
  const asked: Request[] = [];
  const answering = async (request: Request) => {
    if (!request.url.includes(path)) return fetch(request);
    asked.push(request.clone());
    const [body, headers] = answers[Math.min(asked.length, answers.length) - 1] ?? [''];
    return new Response(body, { headers: { 'content-type': 'application/fhir+json', ...headers } });
  };
  return { at: { ...at, session: { ...at.session, fetch: answering } }, asked };
}

const AMINA = { system: 'urn:oid:2.16.578.1.12.4.1.4.2', value: '59879848088' };
const reference = (id: string, more: object = {}) => ({
  resourceType: 'DocumentReference',
  id,
  status: 'current',
  subject: { identifier: AMINA },
  date: '2026-11-01',
  content: [{ attachment: { title: `Dokument ${id}` } }],
  ...more,
});
const page = (resources: readonly object[], more: object = {}) =>
  JSON.stringify({
    resourceType: 'Bundle',
    type: 'searchset',
    entry: resources.map(resource => ({ resource, search: { mode: 'match' } })),
    ...more,
  });

const titles = ({ items }: Known<PatientDocument>) => items.map(({ title }) => title);
const shown = ({ items }: Known<PatientDocument>) =>
  items.reduce((n, { also = [] }) => n + 1 + also.length, 0);

describe('documents from the record system', () => {
  test('all of them are listed, with title, day and who wrote them', async () => {
    const documents = await documentsOf(await bench({ patient: 'p2' }));
    expect(documents.items).toHaveLength(6);
    expect(documents.received).toBe(6);
    expect(documents.items[0]).toMatchObject({
      title: 'Epikrise geriatri',
      at: '2026-11-14',
      organization: 'Fjordvik HF',
      standing: 'current',
    });
  });

  test('one that is being kept back is said to be, and the others stand', async () => {
    const documents = await documentsOf(await bench({ patient: 'p1' }));
    expect(documents.items).toHaveLength(5);
    expect(documents.withheld).toBe('restricted');
  });

  test('one that is listed and restricted keeps its row', async () => {
    const at = await bench({ patient: 'p6' });
    const label = { system: 'urn:oid:2.16.578.1.12.4.1.1.9603', code: 'NORS' };
    const { entries } = restrictedBundle(label);
    const { items } = await documentsOf(answeringEhr(at, entries));
    expect(items[0]).toMatchObject({ restricted: true, title: 'Dokument d1' });
  });

  test('what was entered in error is set aside, what was replaced or is unfinished says so', async () => {
    const at = await bench({ patient: 'p6' });
    at.sandbox.store.load([
      stored('d1', { docStatus: 'entered-in-error' }),
      stored('d2', { status: 'superseded' }),
      stored('d3', { docStatus: 'preliminary' }),
      stored('d4', { status: 'entered-in-error' }),
    ]);
    const documents = await documentsOf(at);
    expect(documents.setAside.map(({ ref, why }) => [ref, why])).toEqual([
      ['DocumentReference/d1', 'withdrawn'],
      ['DocumentReference/d4', 'withdrawn'],
    ]);
    expect(documents.items.map(({ standing, flags }) => [standing, flags])).toEqual([
      ['superseded', ['inactive']],
      ['preliminary', []],
    ]);
  });

  test('one that cannot be read keeps its row beside its neighbour', async () => {
    const at = await bench({ patient: 'p6' });
    const broken = { ...stored('d1'), description: 'Epikrise', content: 'tull' };
    const documents = await documentsOf(answeringEhr(at, [broken, stored('d2')]));
    expect(documents.items.map(({ flags, title }) => [flags, title])).toEqual([
      [['unreadable'], 'Epikrise'],
      [[], 'Dokument d2'],
    ]);
  });
});

const stored = (id: string, more: object = {}) =>
  ({ ...reference(id, more), subject: { reference: 'Patient/p6' } }) as Resource;

const restrictedBundle = (label: object) => ({
  entries: [stored('d1', { securityLabel: [{ coding: [label] }] })],
});

/** The record system's answer to its documents, given word for word. */
function answeringEhr(at: Bench, resources: readonly object[]): Bench {
  const { fetch } = at.session;
  const body = page(resources);
  return {
    ...at,
    session: {
      ...at.session,
      fetch: async request => {
        const text = await request.clone().text();
        const { url } = request;
        if (url.includes('/fhir/DocumentReference?') && !url.includes('type='))
          return new Response(body, { headers: { 'content-type': 'application/fhir+json' } });
        if (!text.includes('DocumentReference?')) return fetch(request);
        // As a server that takes no batches: each question is asked by itself.
        return new Response('{}', { status: 501 });
      },
    },
  };
}

describe('documents that are shared nationally', () => {
  test('the same document in both places is one, with both in it', async () => {
    const documents = await documentsOf(await bench({ patient: 'p2', sources: MHD }));
    expect(documents.items).toHaveLength(6);
    expect(documents.received).toBe(12);
    expect(shown(documents)).toBe(12);
    expect(documents.items[0]?.also?.[0]?.source.from).toBe('Kilde pjd');
  });

  test('the patient is named in the body, and nowhere in an address', async () => {
    const { at, asked } = await benchAnswering('/pjd/', [[page([])]]);
    await documentsOf(at);
    expect(await asked[0]?.text()).toContain(AMINA.value);
    expect(asked.map(({ url }) => url).join()).not.toContain(AMINA.value);
    expect((await at.asked()).join()).not.toContain(AMINA.value);
  });

  test('pages that have numbers and no links are all read', async () => {
    const [first, second] = [100, 7].map((many, n) =>
      page(
        Array.from({ length: many }, (_, index) => reference(`${n}-${index}`)),
        { total: 107 },
      ),
    );
    const { at } = await benchAnswering('/pjd/', [[first ?? ''], [second ?? '']]);
    const documents = await documentsOf(at);
    expect(documents.items).toHaveLength(107);
    expect(documents.gaps).toEqual([]);
  });

  test('a page that does not come is named, and the first one stands', async () => {
    const { at } = await benchAnswering('/pjd/', [
      [page([reference('a')], { total: 2 })],
      ['<html>', { 'content-type': 'text/html' }],
    ]);
    const documents = await documentsOf(at);
    expect(titles(documents)).toEqual(['Dokument a']);
    expect(documents.gaps).toEqual([
      { what: 'DocumentReference', from: 'Kilde pjd', why: 'page-lost' },
    ]);
  });

  test('a source that gives the same page for ever comes to an end', async () => {
    const { at, asked } = await benchAnswering('/pjd/', [[page([reference('a')], { total: 9 })]]);
    const documents = await documentsOf(at);
    expect(asked).toHaveLength(2);
    expect(documents.gaps[0]?.why).toBe('page-lost');
  });

  test('documents it keeps back are counted; none kept back says nothing', async () => {
    const masked = await documentsOf(await bench({ patient: 'p1', sources: MHD }));
    expect(masked.remarks.filter(({ from }) => from === 'Kilde pjd')).toMatchObject([
      { masked: 1, reason: 'restricted' },
    ]);
    const open = await documentsOf(await bench({ patient: 'p2', sources: MHD }));
    expect(open.remarks).toEqual([]);
  });

  test('nothing but restricted documents is «restricted», never «not recorded»', async () => {
    const { at } = await benchAnswering('/pjd/', [
      [page([], { total: 0 }), { 'nhn-securitylabel-nors-count': '3' }],
    ]);
    expect((await documentsOf(at)).state).toBe('withheld');
  });

  test('when it is off, the record system’s documents stand and it is named', async () => {
    const at = await bench({ patient: 'p2', sources: MHD });
    await switched(at, { pjd: 'off' });
    const documents = await documentsOf(at);
    expect(documents.items).toHaveLength(6);
    expect(documents.failing).toBe('Kilde pjd');
    expect(documents.gaps).toMatchObject([{ from: 'Kilde pjd', why: 'failed' }]);
  });
});

const open = async (at: Bench, documents: Known<PatientDocument>, index = 0) => {
  const document = documents.items[index]!;
  return openAttachment(at.session, document, document.attachments[0]!);
};

describe('opening a document', () => {
  test('nothing is fetched before somebody asks', async () => {
    const at = await bench({ patient: 'p2', sources: MHD });
    await documentsOf(at);
    expect((await at.asked()).filter(row => /Binary|mhd\/document/.test(row))).toEqual([]);
  });

  test('the record system’s own text comes, and the national PDF is a PDF', async () => {
    const at = await bench({ patient: 'p1', sources: MHD });
    const documents = await documentsOf(at);
    const plan = documents.items.find(({ title }) => title === 'Akuttplan v7 (PDF)')!;
    const own = await openAttachment(at.session, plan, plan.attachments[0]!);
    expect(own).toMatchObject({ ok: true, type: 'text/plain' });
    const shared = plan.also![0]!;
    const national = await openAttachment(at.session, shared, shared.attachments[0]!);
    expect(national).toMatchObject({ ok: true, type: 'application/pdf' });
    expect((await at.asked()).join()).toContain('POST /pjd/mhd/document');
  });

  test('an attachment inside the list is opened without asking anybody', async () => {
    const at = await bench({ patient: 'p6' });
    const data = Buffer.from('Ring fastlegen.').toString('base64');
    const inline = stored('d1', {
      content: [{ attachment: { contentType: 'text/plain', data } }],
    });
    const documents = await documentsOf(answeringEhr(at, [inline]));
    const opened = await open(at, documents);
    expect(opened.ok && new TextDecoder().decode(opened.bytes)).toBe('Ring fastlegen.');
  });

  const PDF = '%PDF-1.4\n';
  test.each([
    ['a web page that says it is a PDF', '<html><script>', 'application/pdf', 'application/pdf'],
    ['a PDF that says it is text', PDF, 'text/plain', 'text/plain'],
    ['a web page that says it is text', '<!doctype html><p>', 'text/plain', 'text/plain'],
    ['a drawing with scripts in it', '<svg onload="x">', 'image/svg+xml', 'image/svg+xml'],
    ['a PDF the list called a picture', PDF, 'application/pdf', 'image/png'],
  ])('%s is not opened', async (_, body, sent, listed) => {
    const attachment = { contentType: listed, url: 'mhd/document?documentUniqueId=1' };
    const listing = page([reference('a', { content: [{ attachment }] })], { total: 1 });
    const { at } = await benchAnswering('/pjd/', [[listing], [body, { 'content-type': sent }]]);
    const documents = await documentsOf(at);
    expect(await open(at, documents)).toEqual({ ok: false, failure: { kind: 'wrong-type' } });
  });

  test('bytes nobody named are known by what they are', async () => {
    const attachment = { url: 'mhd/document?documentUniqueId=1' };
    const listing = page([reference('a', { content: [{ attachment }] })], { total: 1 });
    const octets = { 'content-type': 'application/octet-stream' };
    const { at } = await benchAnswering('/pjd/', [[listing], [PDF, octets]]);
    expect(await open(at, await documentsOf(at))).toMatchObject({ type: 'application/pdf' });
  });

  test('an address outside the source is never asked', async () => {
    const attachment = { contentType: 'application/pdf', url: 'https://attacker.example/x.pdf' };
    const listing = page([reference('a', { content: [{ attachment }] })], { total: 1 });
    const { at } = await benchAnswering('/pjd/', [[listing]]);
    const elsewhere: string[] = [];
    const { fetch } = at.session;
    const watching = {
      ...at,
      session: {
        ...at.session,
        fetch: (request: Request) => {
          if (request.url.includes('attacker')) elsewhere.push(request.url);
          return fetch(request);
        },
      },
    };
    const opened = await open(watching, await documentsOf(watching));
    expect(opened).toEqual({ ok: false, failure: { kind: 'foreign-address' } });
    expect(elsewhere).toEqual([]);
  });

  test('one that this role may not open is refused as that', async () => {
    const at = await bench({ patient: 'p2' });
    const documents = await documentsOf(at);
    await at.scenario({ match: '/Binary/', status: 403 });
    expect(await open(at, documents)).toMatchObject({ failure: { kind: 'not-permitted' } });
  });
});
