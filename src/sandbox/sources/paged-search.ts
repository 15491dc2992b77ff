import { createPages } from '../store/paging.ts';
import type { Resource } from '../types.ts';
import { searchset } from './searchset.ts';
import {
  countIn,
  demandMethod,
  fhirAnswer,
  formOf,
  notHere,
  patientIn,
  type Question,
} from './source.ts';

interface FoundSet {
  readonly matches: readonly Resource[];
  /** What comes along with one match. */
  readonly includes: (match: Resource) => readonly Resource[];
  readonly count: number;
}

/** Finds everything the form asks for; the pages are cut from it. */
type Find = (question: Question, form: URLSearchParams) => Omit<FoundSet, 'count'>;

/**
 * A search by POST that names the patient in its body, answered in pages.
 *
 * The `next` link is followed with GET and carries an opaque token, never who it is about; who follows it
 * needs the same session.
 */
export function pagedSearch(type: string, find: Find) {
  const pages = createPages<FoundSet>();

  function page({ base }: Question, found: FoundSet, offset: number, token: string): Response {
    const end = offset + found.count;
    const matches = found.matches.slice(offset, end);
    const next = `${base}/${type}?_page=${token}&_offset=${end}`;
    return fhirAnswer(
      searchset(base, {
        matches,
        includes: matches.flatMap(found.includes),
        total: found.matches.length,
        links: [
          { relation: 'self', url: `${base}/${type}` },
          ...(end < found.matches.length ? [{ relation: 'next', url: next }] : []),
        ],
      }),
    );
  }

  return async (question: Question): Promise<Response> => {
    const { path, query, access } = question;
    if (path === type && query.has('_page')) {
      demandMethod(question, 'GET');
      const kept = pages.open(query.get('_page') ?? '', query.get('_offset'), access);
      return page(question, kept.set, kept.offset, kept.token);
    }
    if (path !== `${type}/_search`) throw notHere(question);
    demandMethod(question, 'POST');
    const form = await formOf(question);
    question.demandPatient(patientIn(form));
    const found = { ...find(question, form), count: countIn(form, '_count', 20) };
    return page(question, found, 0, pages.keep(found, access));
  };
}
