import { documents, documentUniqueId } from '../demo/documents.ts';
import type { Filed } from '../demo/parts.ts';
import { accessRefusal, refusal } from '../store/outcome.ts';
import type { Resource } from '../types.ts';
import { pdfOf } from './pdf.ts';
import { searchset } from './searchset.ts';
import {
  countIn,
  demandMethod,
  fhirAnswer,
  formOf,
  notHere,
  patientIn,
  patientInHeader,
  type Question,
  type Source,
} from './source.ts';

const REPOSITORY = '2.16.578.1.12.4.5.7.4';
const COMMUNITY = 'urn:oid:2.16.578.1.12.4.5.7.1';
const PROFILE =
  'https://profiles.ihe.net/ITI/MHD/StructureDefinition/IHE.MHD.Minimal.DocumentReference';

/** What is shared nationally: neither what the municipality keeps to itself nor what is no health document. */
const shared: ReadonlySet<string> = new Set(['document', 'masked document']);

/** Pasientens journaldokumenter (FHIR.md 9): IHE MHD, ITI-67 by POST and ITI-68. */
export const pjd: Source = {
  type: 'DocumentReference',
  answer: question => (question.path === 'mhd/document' ? retrieve(question) : search(question)),
};

async function search(question: Question): Promise<Response> {
  if (question.path !== 'DocumentReference/_search') throw notHere(question);
  demandMethod(question, 'POST');
  const form = await formOf(question);
  question.demandPatient(patientIn(form));
  const count = countIn(form, '_count', 20);
  const page = countIn(form, '_page', 1);
  const types = form.get('type')?.split(',');
  const isCurrent = (form.get('status') ?? 'current') === 'current';
  const listed = isCurrent ? entries(question) : [];
  const matches = listed
    .filter(({ resource }) => question.sees(resource) === 'show')
    .map(entry => listing(question, entry))
    .filter(({ type }) => !types || types.includes(tokenOf(type)))
    .sort((a, b) => String(b['date']).localeCompare(String(a['date'])));
  const masked = listed.filter(({ resource }) => question.sees(resource) === 'restricted').length;
  return fhirAnswer(
    searchset(question.base, {
      matches: matches.slice((page - 1) * count, page * count),
      total: matches.length,
    }),
    { 'NHN-SecurityLabel-Nors-Count': `${masked}` },
  );
}

/** ITI-68. The document, not its description; what the patient has masked is refused, not said to be missing. */
async function retrieve(question: Question): Promise<Response> {
  demandMethod(question, 'POST');
  const { query } = question;
  if (question.request.headers.has('nhn-patient-nin'))
    question.demandPatient(patientInHeader(question));
  const wanted = query.get('documentUniqueId');
  if (!wanted || !query.has('repositoryUniqueId') || !query.has('homeCommunityId'))
    throw refusal(
      400,
      'required',
      'documentUniqueId, repositoryUniqueId and homeCommunityId are all needed.',
    );
  const here =
    query.get('repositoryUniqueId') === REPOSITORY && query.get('homeCommunityId') === COMMUNITY;
  const entry = here
    ? entries(question).find(({ resource }) => documentUniqueId(`${resource.id}`) === wanted)
    : undefined;
  const sight = entry ? question.sees(entry.resource) : 'hide';
  if (sight === 'restricted')
    throw accessRefusal('suppressed', 'restricted', 'Sperret av pasienten');
  if (!entry || sight === 'hide')
    throw refusal(404, 'not-found', 'There is no such document about this patient.');
  const { bytes, contentType, ending } = contentOf(entry);
  return new Response(bytes, {
    headers: {
      'Content-Type': contentType,
      // Downloads end up in folders: the name says neither who nor what.
      'Content-Disposition': `attachment; filename="dokument.${ending}"`,
      'Cache-Control': 'no-store',
    },
  });
}

interface Entry {
  readonly resource: Resource;
  readonly title: string;
  readonly text: string;
}

function entries({ story }: Question): readonly Entry[] {
  const filed = story ? documents(story) : [];
  return filed
    .filter(({ part, resource }) => shared.has(part) && isReference(resource))
    .map(({ resource }) => {
      const { type } = resource;
      const title = typeof type === 'object' && type && 'text' in type ? String(type.text) : '';
      return { resource, title, text: textOf(filed, resource) };
    });
}

const isReference = ({ resourceType }: Resource) => resourceType === 'DocumentReference';

function textOf(filed: readonly Filed[], { id }: Resource): string {
  const binary = filed.find(({ resource }) => resource.id === `${id}-text`)?.resource;
  const base64 = binary?.['data'];
  return typeof base64 === 'string' ? Buffer.from(base64, 'base64').toString('utf8') : '';
}

function listing({ subject }: Question, entry: Entry): Resource {
  const { resource, title } = entry;
  const { context: _, meta, ...rest } = resource;
  const { bytes, contentType } = contentOf(entry);
  const uniqueId = documentUniqueId(`${resource.id}`);
  const address = new URLSearchParams({
    documentUniqueId: uniqueId,
    repositoryUniqueId: REPOSITORY,
    homeCommunityId: COMMUNITY,
  });
  return {
    ...rest,
    id: uniqueId.replace('urn:uuid:', ''),
    meta: { ...meta, profile: [PROFILE] },
    subject,
    content: [
      {
        attachment: {
          contentType,
          language: 'nb',
          url: `mhd/document?${address}`,
          size: bytes.length,
          title,
          creation: resource['date'],
        },
      },
    ],
  };
}

function contentOf({ title, text }: Entry) {
  return title.endsWith('(PDF)')
    ? {
        bytes: pdfOf(text.split('\n').filter(Boolean)),
        contentType: 'application/pdf',
        ending: 'pdf',
      }
    : {
        bytes: Uint8Array.from(Buffer.from(text, 'utf8')),
        contentType: 'text/plain; charset=utf-8',
        ending: 'txt',
      };
}

function tokenOf(type: unknown): string {
  const first: unknown =
    typeof type === 'object' && type && 'coding' in type && Array.isArray(type.coding)
      ? type.coding[0]
      : undefined;
  if (typeof first !== 'object' || !first || !('system' in first) || !('code' in first)) return '';
  return `${String(first.system)}|${String(first.code)}`;
}
