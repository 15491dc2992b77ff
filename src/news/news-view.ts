import type { Contact, CriticalItem, Medicine, Plan } from '../record/model.ts';
import type { Change, How } from '../record/news/change.ts';
import type { Flag, Item } from '../record/reading.ts';
import { dateText } from '../shell/dates.ts';
import { flagWords, listed } from '../shell/state-view.ts';
import { rangesText, wholeText } from '../shell/value-text.ts';
import '../shell/words/later.ts';
import '../shell/words/safety-words.ts';
import { t } from '../shell/words/words.ts';
import type { NewsSection } from './use-news.ts';

/** One change, in words. */
export interface NewsRow {
  readonly key: string;
  readonly kind: Change['kind'];
  readonly sign: string;
  /** «IKKE gi»: before everything else. */
  readonly not: string | undefined;
  readonly title: string;
  /** «ny», «endret», «seponert» */
  readonly how: string | undefined;
  /** What the source says is different, in its own words. */
  readonly details: readonly string[];
  readonly warnings: readonly string[];
  /** «12.11.2026 · Tuva Poliklin · Fjordvik journal» */
  readonly when: string;
}

const SIGNS: Readonly<Record<Change['kind'], string>> = {
  critical: '▲',
  medicine: '▲',
  contact: '▲',
  event: '●',
  plan: '●',
  evaluation: '●',
  condition: '●',
  result: '●',
  document: '○',
  confirmation: '○',
};

export function newsRow(change: Change): NewsRow {
  const { kind, at, by, from, ref, told } = change;
  const flags = kind === 'event' ? told : itemsOf(change);
  return {
    key: `${kind} ${from} ${ref} ${at}`,
    kind,
    sign: SIGNS[kind],
    not: kind === 'medicine' && change.item.flags.includes('negated') ? t('pll.not') : undefined,
    ...wordsFor(change),
    warnings: [...new Set(flags.flatMap(({ flags: found }) => found))]
      .filter(flag => !SAID.has(flag))
      .map(flagWords),
    when: [dateText(at), by, from].filter(Boolean).join(' · '),
  };
}

/** Flags that the row itself puts into words. */
const SAID: ReadonlySet<Flag> = new Set(['inactive', 'negated']);

function itemsOf(change: Change): readonly Item[] {
  if (change.kind === 'event') return change.told;
  if (change.kind === 'confirmation') return change.items;
  const item = change.kind === 'evaluation' ? (change.item ?? change.plan) : change.item;
  return item ? [item] : [];
}

type Words = Pick<NewsRow, 'title' | 'how' | 'details'>;

function wordsFor(change: Change): Words {
  const told = change.told.flatMap(({ what }) => what ?? []);
  switch (change.kind) {
    case 'critical':
    case 'condition':
      return criticalWords(change.item, change.how);
    case 'medicine':
      return medicineWords(change.item, change.how);
    case 'contact':
      return { title: contactName(change.item), how: t(`news.how.${change.how}`), details: told };
    case 'confirmation':
      return {
        title: t('news.confirmed', { who: listed(change.items.map(contactName)) }),
        how: undefined,
        details: told,
      };
    case 'plan':
      return {
        title: planName(change.item),
        how: t(`news.how.${change.how}`),
        details: [...told, ...nextOf(change.item.nextEvaluation)],
      };
    case 'evaluation':
      return {
        title: t('news.evaluation'),
        how: change.plan ? planName(change.plan) : change.item?.type,
        details: [...told, ...nextOf(change.item ? change.item.next : change.plan?.nextEvaluation)],
      };
    case 'document':
      return {
        title: change.item.title ?? t('doc.untitled'),
        how: t(`news.how.${change.how}`),
        details: told,
      };
    case 'result':
      return {
        title: change.item.name ?? t('value.noName'),
        how: wholeText(change.item),
        details: [...told, ...[rangesText(change.item.value)].flatMap(range => range ?? [])],
      };
    case 'event':
      return { title: told[0] ?? t('news.event.unread'), how: undefined, details: [] };
    default:
      return change satisfies never;
  }
}

const criticalWords = ({ text, kind, certainty, details }: CriticalItem, how: How): Words => ({
  title: text ?? t('crit.noText'),
  how: [t(`crit.kind.${kind}`), how === 'over' ? t('crit.isOver') : t(`news.how.${how}`)].join(
    ', ',
  ),
  details: [...(certainty === 'refuted' ? [t('crit.refuted')] : []), ...details],
});

function medicineWords(medicine: Medicine, how: How): Words {
  const { substance, product, dose, notes, ending, stoppedBecause } = medicine;
  const isOver = how === 'over';
  const isSaid = stoppedBecause && notes.some(note => note.includes(stoppedBecause));
  return {
    title: substance ?? product ?? t('pll.noName'),
    how: isOver ? t(`pll.ending.${ending ?? 'stopped'}`) : t(`news.how.${how}`),
    details: [
      ...(isOver ? [] : dose),
      ...(stoppedBecause && !isSaid ? [stoppedBecause] : []),
      ...notes,
    ],
  };
}

const contactName = ({ name, role, organization }: Contact) =>
  name ?? role ?? organization ?? t('news.contact.noName');

const planName = ({ kind, version, title }: Plan) =>
  [
    kind === 'other' && title ? title : t(`plan.kind.${kind}`),
    version && t('plan.version', { v: version.replace(/^v/i, '') }),
  ]
    .filter(Boolean)
    .join(' ');

const nextOf = (date: string | undefined) =>
  date ? [t('news.nextEvaluation', { date: dateText(date) })] : [];

const NAMES = {
  critical: 'section.critical',
  medicines: 'section.medication',
  plans: 'section.plans',
  evaluations: 'section.evaluations',
  documents: 'section.documents',
  results: 'section.results',
  history: 'section.history',
} as const satisfies Record<NewsSection, string>;

/** «Kan mangle nytt fra legemidler og prøvesvar.» */
export const missingText = (missing: readonly NewsSection[]): string | undefined =>
  missing.length > 0
    ? t('news.missing', { what: listed(missing.map(name => t(NAMES[name]).toLowerCase())) })
    : undefined;
