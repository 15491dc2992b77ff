import type { Raw } from '../../fhir/ask.ts';
import type { Answer } from '../../fhir/failure.ts';
import { refOf } from '../../fhir/references.ts';
import { allPages, type Found, type Remark } from '../../fhir/searchset.ts';
import { documentReader } from '../documents/documents.ts';
import { partOf, siftAnswer } from '../parts.ts';
import type { At, Contribution } from './at.ts';
import { searchByPost } from './searched.ts';

/** Pasientens journaldokumenter: what health services share, by IHE MHD (ITI-67 by POST; FHIR.md 9). */
export async function readMhd(at: At): Promise<Contribution> {
  const { iss, label } = at.session;
  const answer = await everyPage(at);
  const sifted = siftAnswer(documentReader(iss), answer, at.whose);
  return { documents: [partOf(label, 'DocumentReference', answer, sifted, true)] };
}

const COUNT = 100;
/** More than any list of documents; a source that never comes to an end is said not to have. */
const MOST_PAGES = 200;

/** Pages have numbers here (`_page`), and no links to the next; `total` says when there are no more. */
async function everyPage(at: At): Promise<Answer<Found>> {
  const { answer, total } = await onePage(at, 1);
  if (!answer.ok) return answer;
  const { value } = answer;
  const matches = new Map<string, Raw>();
  const add = (raws: readonly Raw[]) => {
    for (const raw of raws) matches.set(raw['id'] ? refOf(raw) : `#${matches.size}`, raw);
  };
  add(value.matches);
  const remarks = [...value.remarks];
  const gaps = [...value.gaps];
  for (let page = 2; value.matches.length > 0 && matches.size < (total ?? Infinity); page++) {
    const next = page <= MOST_PAGES ? (await onePage(at, page)).answer : undefined;
    if (!next?.ok) {
      gaps.push(next ? 'page-failed' : 'too-many-pages');
      break;
    }
    const before = matches.size;
    add(next.value.matches);
    remarks.push(...next.value.remarks);
    gaps.push(...next.value.gaps);
    // Nothing more, or the same page again: from a source that does not count, an empty page is the end.
    if (matches.size > before) continue;
    if (next.value.matches.length > 0) gaps.push('page-loop');
    else if (total !== undefined) gaps.push('count-differs');
    break;
  }
  const whole = { ...value, matches: [...matches.values()], remarks, gaps: [...new Set(gaps)] };
  return { ok: true, at: answer.at, value: whole };
}

async function onePage(at: At, page: number) {
  const remarks: Remark[] = [];
  const parameters = { status: 'current', _sort: '-date', _count: `${COUNT}`, _page: `${page}` };
  const asked = await searchByPost(at, 'DocumentReference', parameters, headers => {
    // The number is the same on every page.
    if (page === 1) remarks.push(...maskedIn(headers));
  });
  const total = asked.ok ? asked.value['total'] : undefined;
  // The total is for all pages: each by itself would seem to lack the others.
  const alone = asked.ok ? { ...asked, value: { ...asked.value, total: undefined } } : asked;
  const answer = await allPages(at.session, 'DocumentReference', alone);
  return {
    total: typeof total === 'number' ? total : undefined,
    answer: answer.ok
      ? { ...answer, value: { ...answer.value, remarks: [...answer.value.remarks, ...remarks] } }
      : answer,
  };
}

/** How many documents the patient has restricted: counted by the source, never listed. */
function maskedIn(headers: Headers): readonly Remark[] {
  const masked = Number(headers.get('nhn-securitylabel-nors-count') ?? 0);
  if (!Number.isInteger(masked) || masked <= 0) return [];
  return [{ code: 'suppressed', serious: false, reason: 'restricted', text: undefined, masked }];
}
