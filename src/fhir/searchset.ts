import { z } from 'zod/mini';
import { ask, isRaw, type Raw } from './ask.ts';
import { type Answer, type Failure, failed } from './failure.ts';
import type { Session } from './session.ts';
import { text } from './shapes.ts';

/** What a server said beside its resources: a warning, or that something was held back. */
export interface Remark {
  /** `IssueType` code, e.g. `suppressed`, `incomplete`. */
  readonly code: string;
  /** The server says this answer is not the whole answer (R4 OperationOutcome, severity or code). */
  readonly serious: boolean;
  /** Local reason when it gave one: `restricted`, `reserved`, `blocked`. */
  readonly reason: string | undefined;
  /** The server's own sentence. Shown as text, never as markup. */
  readonly text: string | undefined;
  /** How many it held back, where it counted them. */
  readonly masked?: number;
}

/** One search, all its pages. */
export interface Found {
  readonly matches: readonly Raw[];
  readonly included: readonly Raw[];
  readonly remarks: readonly Remark[];
  /** Why this may not be all of it; empty = every page arrived and the counts agree. */
  readonly gaps: readonly Gap[];
  readonly at: Date;
}

type Gap = 'page-failed' | 'page-loop' | 'too-many-pages' | 'count-differs' | 'not-an-entry';

/** Pages we follow at most. At the smallest page size (1) this is still more than any plan or allergy list. */
const MOST_PAGES = 2000;

const Link = z.looseObject({ relation: text, url: text });
const Page = z.looseObject({
  resourceType: z.literal('Bundle'),
  type: text,
  total: z.optional(z.number()),
  link: z.optional(z.array(Link)),
  entry: z.optional(z.array(z.unknown())),
});
const Entry = z.looseObject({
  search: z.optional(z.looseObject({ mode: text })),
  resource: z.looseObject({ resourceType: z.string() }),
});
const Outcome = z.looseObject({
  issue: z.array(
    z.looseObject({
      severity: text,
      code: text,
      diagnostics: text,
      details: z.optional(
        z.looseObject({
          text,
          coding: z.optional(z.array(z.looseObject({ code: text }))),
        }),
      ),
    }),
  ),
});

/**
 * Opens a searchset and follows `next` to the last page (R4, «paging»).
 *
 * Peers cut lists at the first page; on an allergy list that is a wrong treatment. A page that fails leaves the rest
 * standing and a gap that is said on screen.
 */
export async function allPages(
  session: Session,
  type: string,
  first: Answer<Raw>,
): Promise<Answer<Found>> {
  if (!first.ok) return first;
  const page = openPage(type, first.value);
  if (!page) return failed(notASearchset(first.value));
  const pages = [page];
  const gaps = [...page.gaps];
  const seen = new Set<string>();
  let next = page.next;
  while (next !== undefined) {
    if (seen.has(next)) gaps.push('page-loop');
    if (seen.size >= MOST_PAGES) gaps.push('too-many-pages');
    if (seen.has(next) || seen.size >= MOST_PAGES) break;
    seen.add(next);
    const answer = await ask(session, next);
    const opened = answer.ok ? openPage(type, answer.value) : undefined;
    if (!opened) {
      if (!answer.ok && answer.failure.kind === 'cancelled') return answer;
      gaps.push('page-failed');
      break;
    }
    pages.push(opened);
    gaps.push(...new Set(opened.gaps));
    next = opened.next;
  }
  const matches = pages.flatMap(each => each.matches);
  const included = pages.flatMap(each => each.included);
  const remarks = pages.flatMap(each => each.remarks);
  // `total` counts matches (R4, Bundle.total); servers that leave it out promise nothing.
  if (page.total !== undefined && page.total !== matches.length && gaps.length === 0)
    gaps.push('count-differs');
  return {
    ok: true,
    at: first.at,
    value: { matches, included, remarks, gaps: [...new Set(gaps)], at: first.at },
  };
}

function openPage(type: string, value: Raw) {
  const page = Page.safeParse(value);
  // A batch-response or a document is not an answer to a search.
  if (!page.success || (page.data.type ?? 'searchset') !== 'searchset') return undefined;
  const matches: Raw[] = [];
  const included: Raw[] = [];
  const remarks: Remark[] = [];
  const gaps: Gap[] = [];
  for (const candidate of page.data.entry ?? []) {
    const entry = Entry.safeParse(candidate);
    if (!entry.success) {
      // An entry we cannot even name is still something received: say the list may be short.
      if (isRaw(candidate) && isRaw(candidate['resource'])) matches.push(candidate['resource']);
      else gaps.push('not-an-entry');
      continue;
    }
    const { resource, search } = entry.data;
    if (search?.mode === 'outcome' || resource.resourceType === 'OperationOutcome')
      remarks.push(...remarksIn(resource));
    // Servers may leave the mode out; then what we did not ask for by type is there to be referred to.
    else if (search?.mode === 'include' || (!search?.mode && resource.resourceType !== type))
      included.push(resource);
    else matches.push(resource);
  }
  const next = page.data.link?.find(({ relation }) => relation === 'next')?.url;
  return { matches, included, remarks, gaps, next, total: page.data.total };
}

function remarksIn(resource: Raw): readonly Remark[] {
  const outcome = Outcome.safeParse(resource);
  if (!outcome.success)
    return [{ code: 'unknown', serious: true, reason: undefined, text: undefined }];
  return outcome.data.issue.map(issue => ({
    code: issue.code ?? 'unknown',
    serious: isSerious(issue),
    reason: issue.details?.coding?.find(({ code }) => code)?.code,
    text: issue.details?.text ?? issue.diagnostics,
  }));
}

/** Codes that mean «this is not all of it», whatever their severity. */
const CUT_SHORT: ReadonlySet<string> = new Set([
  'incomplete',
  'timeout',
  'exception',
  'transient',
  'too-costly',
  'throttled',
]);

const isSerious = ({
  severity,
  code,
}: {
  severity?: string | undefined;
  code?: string | undefined;
}) =>
  code !== 'suppressed' &&
  (severity === 'error' || severity === 'fatal' || CUT_SHORT.has(code ?? ''));

const notASearchset = (value: Raw): Failure => ({
  kind: 'not-understood',
  detail: `expected a list, got ${typeof value['resourceType'] === 'string' ? value['resourceType'] : 'something else'}`,
});
