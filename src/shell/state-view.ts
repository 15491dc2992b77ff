import type { Failure } from '../fhir/failure.ts';
import type { Flag, Known, Missing, Reading, SectionState, SetAside } from '../record/reading.ts';
import { momentText } from './dates.ts';
import { seen } from './Text.tsx';
import { isKey, language, t } from './words/words.ts';

/** What a section calls itself, and the sentences it has better words for. */
export interface Subject {
  /** «Legemidler» */
  readonly what: string;
  /** The issuer's label. */
  readonly source: string;
  /** An asserted «none», exactly as wide as it was asserted, with who and when. */
  readonly asserted?: string | undefined;
  /** An asserted «unknown», as wide as it was asserted. */
  readonly unknown?: string | undefined;
  /** A better sentence than «ikke registrert», where the section has one. */
  readonly none?: { readonly title: string; readonly advice: string } | undefined;
}

/** One state of knowledge, ready to be shown: a sentence, what to do about it, and how it looks. */
export interface StateView {
  readonly look: Exclude<SectionState, 'present'>;
  readonly icon: string;
  readonly title: string;
  readonly advice: string | undefined;
  readonly retry: boolean;
}

const ICONS = {
  loading: '…',
  'asserted-none': '■',
  'asserted-unknown': '?',
  'none-recorded': '○',
  withheld: 'lock',
  'not-permitted': '⊘',
  'not-supported': '–',
  failed: '✕',
} as const;

/** The words for everything but a section that simply has its content. */
export function stateView<T>(reading: Reading<T>, subject: Subject): StateView | undefined {
  if (reading.state === 'present') return undefined;
  const look = reading.state;
  const words = wordsFor(reading, subject);
  return { look, icon: ICONS[look], retry: look === 'failed', advice: undefined, ...words };
}

function wordsFor<T>(
  reading: Reading<T>,
  { what, source: ehr, asserted, unknown, none }: Subject,
): { readonly title: string; readonly advice?: string } {
  const source = whoseState(reading, ehr);
  switch (reading.state) {
    case 'loading':
      return { title: t('state.loading', { source }) };
    case 'present':
      return { title: what };
    case 'asserted-none':
      return { title: asserted ?? t('state.asserted-none.unsigned', { what }) };
    case 'asserted-unknown':
      return { title: unknown ?? t('state.asserted-unknown', { what }) };
    case 'none-recorded':
      return (
        none ?? { title: t('state.none-recorded', { what }), advice: t('state.none-recorded.ask') }
      );
    case 'withheld':
      return withheldWords(reading.withheld, what, source);
    case 'not-permitted':
      return { title: t('state.not-permitted', { what }), advice: t('state.not-permitted.do') };
    case 'not-supported':
      return {
        title: t('state.not-supported', { what, source }),
        advice: t('state.not-supported.do'),
      };
    case 'failed': {
      const advice = reading.failure && failureWords(reading.failure, source);
      return { title: t('state.failed.title', { what }), ...(advice ? { advice } : {}) };
    }
    default:
      return reading satisfies never;
  }
}

/** The source a state is about: the one that failed, those still awaited, else the EHR. */
export function whoseState<T>(reading: Reading<T>, ehr: string): string {
  if (reading.state !== 'loading') return reading.failing ?? ehr;
  return reading.from && reading.from.length > 0 ? listed(reading.from) : ehr;
}

function withheldWords(withheld: Known<unknown>['withheld'], what: string, source: string) {
  switch (withheld) {
    case 'restricted':
      return {
        title: t('state.withheld.restricted', { what }),
        advice: t('state.withheld.restricted.do'),
      };
    case 'reserved':
      return {
        title: t('state.withheld.reserved', { what }),
        advice: t('state.withheld.reserved.do'),
      };
    case 'blocked':
      return { title: t('access.blocked'), advice: t('access.blocked.help') };
    case 'blocked-at-source':
      return { title: t('state.withheld.blocked', { what, source }) };
    default:
      return {
        title: t('state.withheld.unspecified', { what, source }),
        advice: t('state.withheld.unspecified.do'),
      };
  }
}

/** Why something did not come, in a sentence with the source's name. */
export function failureWords(failure: Failure, source: string): string {
  switch (failure.kind) {
    case 'server-error':
      return t('failure.server-error', { source, status: failure.status });
    case 'signed-out':
    case 'not-permitted':
    case 'blocked':
    case 'cancelled':
      return t(`failure.${failure.kind}`);
    default:
      return t(`failure.${failure.kind}`, { source });
  }
}

/** Every way this may not be everything, each in its own sentence. Nothing is left out in silence. */
export function notesOn<T>(known: Known<T>): readonly string[] {
  const { state, items } = known;
  // With nothing on screen the state itself has already said this.
  const missing = known.gaps
    .filter(({ why }) => items.length > 0 || state === 'failed' || why !== state)
    .map(gap => gapWords(gap, known.from.length > 1));
  return [
    ...(missing.length > 0
      ? [t('state.partial.missing', { what: [...new Set(missing)].join(', ') })]
      : []),
    ...(known.setAside.length > 0
      ? [t('state.set-aside', { n: known.setAside.length, why: asideWords(known.setAside) })]
      : []),
  ];
}

/** What the source itself had to say beside its answer, as text. */
export function remarksOf<T>({ remarks }: Known<T>): readonly string[] {
  const said = remarks.flatMap(({ from, text }) =>
    text ? t('state.remark', { source: from, text: seen(text) }) : [],
  );
  return [...new Set(said)];
}

/** With more than one source, a gap says whose it is. */
function gapWords({ what, from, why, withheld }: Missing, several: boolean): string {
  if (why === 'waiting') return t('gap.waiting', { what: from });
  // A source that gave nothing at all is named alone.
  const named = several ? t('gap.whose', { what: typeWords(what), from }) : typeWords(what);
  const whose = what === from ? from : named;
  const reason = `gap.withheld.${withheld ?? ''}` as const;
  return t(isKey(reason) ? reason : `gap.${why}`, { what: whose });
}

function typeWords(what: string): string {
  const key = `fhir.${what}` as const;
  return t(isKey(key) ? key : 'fhir.other');
}

function asideWords(setAside: readonly SetAside[]): string {
  const reasons = ['other-patient', 'no-patient', 'withdrawn'] as const;
  return reasons
    .map(why => ({ why, n: setAside.filter(aside => aside.why === why).length }))
    .filter(({ n }) => n > 0)
    .map(({ why, n }) => t(`aside.${why}`, { n }))
    .join(', ');
}

export const flagWords = (flag: Flag): string => t(`flag.${flag}`);

/** Older than its kind may be (SCREENS 3.5): critical information and medicines a day, plans a month. */
export const isStale = (asOf: Date, now: Date, hours: number): boolean =>
  now.getTime() - asOf.getTime() > hours * 3_600_000;

export const fetchedWords = (asOf: Date, now: Date, source: string, stale: boolean): string => {
  const time = momentText(asOf, now);
  return stale ? t('state.stale', { time }) : t('state.fetched', { time, source });
};

/** Sentences that list names: «a, b og c» in the language on screen. Not by `Intl`, whose first use is dear (`local-time.ts`). */
export function listed(names: readonly string[]): string {
  const and = language.value === 'nb' ? ' og ' : ' and ';
  return [names.slice(0, -1).join(', '), ...names.slice(-1)].filter(Boolean).join(and);
}
