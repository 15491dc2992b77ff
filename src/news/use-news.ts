import { type ReadonlySignal, useComputed, useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { FhirDate } from '../record/model.ts';
import { type News, newsSince } from '../record/news/changes.ts';
import { lastOpening, type Mark, openMark } from '../record/news/last-look.ts';
import { momentOf } from '../record/observations/newest.ts';
import type { Known, Reading } from '../record/reading.ts';
import { type PatientRecord, useRecord } from '../record/record.ts';
import { isWhole } from '../record/whole.ts';

const SECTIONS = [
  'critical',
  'medicines',
  'plans',
  'evaluations',
  'documents',
  'results',
  'history',
] as const;
export type NewsSection = (typeof SECTIONS)[number];

/** What is known about what is new. */
export type NewsState =
  | { readonly state: 'loading' }
  /** `sure`: the history was read, and this user is not in it. */
  | { readonly state: 'never-looked'; readonly sure: boolean; readonly page: Page }
  | { readonly state: 'known'; readonly look: FhirDate; readonly news: News; readonly page: Page };

interface Page {
  /** Sections that something new may be missing from. */
  readonly missing: readonly NewsSection[];
  /** All that can come has come: what is on screen may be marked as read. */
  readonly settled: boolean;
  /** False: the mark lasts as long as this page. */
  readonly kept: boolean;
  readonly markRead: () => void;
}

/** What has changed since this user last looked: by the EHR's own history, or by the mark on this machine. */
export function useNews(): ReadonlySignal<NewsState> {
  const record = useRecord();
  const mark = useSignal<Mark | undefined>(undefined);
  const began = useMemo(() => record.session.clock.now(), [record]);
  useEffect(() => {
    let current = true;
    mark.value = undefined;
    const open = async () => {
      const opened = await openMark(record.session);
      if (current) mark.value = opened;
    };
    open().catch(error => reportError(error));
    return () => {
      current = false;
    };
  }, [record, mark]);
  return useComputed(() => newsState(record, mark.value, began));
}

function newsState(record: PatientRecord, mark: Mark | undefined, began: Date): NewsState {
  const history = knownIn(record.history.value);
  if (!mark || !history) return { state: 'loading' };
  const readings = SECTIONS.map(name => ({ name, known: knownIn<unknown>(record[name].value) }));
  const page: Page = {
    missing: readings.filter(({ known }) => !isWhole(known)).map(({ name }) => name),
    settled: readings.every(({ known }) => isSettled(known)),
    kept: mark.kept.value,
    markRead() {
      // Only what was there when the sources answered has been read.
      const asked = readings.flatMap(({ known }) => known?.asOf.getTime() ?? []);
      mark.put(new Date(Math.min(record.session.clock.now().getTime(), ...asked)));
    },
  };
  const opened = lastOpening(history.items, record.session, began);
  const [look] = [opened, mark.at.value]
    .flatMap(at => at ?? [])
    .toSorted((a, b) => momentOf(b) - momentOf(a));
  if (!look) return { state: 'never-looked', sure: isWhole(history), page };
  const sections = {
    critical: knownIn(record.critical.value),
    medicines: knownIn(record.medicines.value),
    plans: knownIn(record.plans.value),
    teams: record.teams.value,
    evaluations: knownIn(record.evaluations.value),
    documents: knownIn(record.documents.value),
    results: knownIn(record.results.value),
    history,
  };
  return {
    state: 'known',
    look,
    news: newsSince(look, sections, record.session.clock.now()),
    page,
  };
}

const knownIn = <T>(reading: Reading<T>): Known<T> | undefined =>
  reading.state === 'loading' ? undefined : reading;

const LASTING = new Set(['not-permitted', 'not-supported', 'withheld', 'not-found']);

/** What may still come must not be marked as read before it has. */
const isSettled = (known: Known<unknown> | undefined) =>
  known !== undefined &&
  known.state !== 'failed' &&
  known.gaps.every(({ why }) => LASTING.has(why));
