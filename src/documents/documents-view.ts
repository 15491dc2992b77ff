import { canOpen, type Opened } from '../record/documents/document-content.ts';
import type { Attachment, PatientDocument } from '../record/documents/documents.ts';
import { newestOf } from '../record/observations/newest.ts';
import type { Flag, Known } from '../record/reading.ts';
import { dateText, dayOf } from '../shell/dates.ts';
import { failureWords } from '../shell/state-view.ts';
import '../shell/words/later.ts';
import { t } from '../shell/words/words.ts';

export interface DocumentsView {
  /** Newest first, restricted ones where they belong. */
  readonly documents: readonly PatientDocument[];
  /** «2 dokumenter er sperret»: counted by a source, listed by none. */
  readonly masked: readonly string[];
}

export interface DocumentRow {
  readonly title: string;
  readonly facts: readonly string[];
  readonly warnings: readonly string[];
  /** The patient has restricted it: it keeps its place, and is opened in the EHR or not at all. */
  readonly locked: string | undefined;
  /** What can be pressed. */
  readonly openings: readonly Opening[];
  /** Why there is nothing to press. */
  readonly closed: string | undefined;
  /** Flags the warnings already put into words. */
  readonly said: readonly Flag[];
}

/** One form of the document, wherever a copy of it lies. */
export interface Opening {
  readonly label: string;
  /** For whoever hears the button alone. */
  readonly name: string;
  readonly copies: readonly Copy[];
}

interface Copy {
  readonly document: PatientDocument;
  readonly attachment: Attachment;
}

export function documentsView({ items, remarks }: Known<PatientDocument>): DocumentsView {
  return {
    documents: newestOf(items),
    masked: remarks.flatMap(({ from, masked }) => (masked ? maskedText(masked, from) : [])),
  };
}

const maskedText = (n: number, source: string) =>
  t(n === 1 ? 'doc.masked.one' : 'doc.masked', { n, source });

export function documentRow(document: PatientDocument): DocumentRow {
  const { at, organization, kind, attachments, also = [] } = document;
  const title = document.title ?? t('doc.untitled');
  const date = at ? dateText(at) : t('value.undated');
  const copies = [document, ...also];
  const restricted = copies.some(copy => copy.restricted);
  const openings = restricted ? [] : openingsOf(copies, `${title}, ${date}`);
  const superseded = document.standing === 'superseded';
  return {
    title,
    facts: [
      date,
      organization ?? '',
      kind ?? '',
      ...attachments.map(attachmentText),
      also.length > 0 ? t('doc.also', { source: also.map(copyOf).join(', ') }) : '',
    ].filter(Boolean),
    warnings: document.standing === 'current' ? [] : [t(`doc.${document.standing}`)],
    locked: restricted ? t('doc.restricted') : undefined,
    openings,
    closed: restricted || openings.length > 0 ? undefined : closedText(document),
    said: superseded ? ['inactive'] : [],
  };
}

const copyOf = ({ source }: PatientDocument) => source.from;

/** One button for each form of the content; the same form elsewhere is asked for where the first does not answer. */
function openingsOf(copies: readonly PatientDocument[], name: string): readonly Opening[] {
  const all = copies.flatMap(document =>
    document.attachments.filter(canOpen).map(attachment => ({ document, attachment })),
  );
  const first = all[0]?.document;
  const forms = all.filter(({ document }) => document === first);
  return forms.map(form => {
    const { type } = form.attachment;
    const label = forms.length > 1 ? t('doc.open.type', { type: typeText(type) }) : t('doc.open');
    const others = all.filter(
      ({ document, attachment }) =>
        document !== first && (forms.length === 1 || attachment.type === type),
    );
    return { label, name: `${label}: ${name}`, copies: [form, ...others] };
  });
}

function closedText({ attachments, flags, source }: PatientDocument): string {
  if (flags.includes('unreadable')) return t('doc.closed.unreadable');
  if (attachments.some(({ where }) => where === 'elsewhere'))
    return t('doc.closed.elsewhere', { source: source.from });
  const { type } = attachments.find(({ where }) => where !== 'nowhere') ?? {};
  return type ? t('doc.closed.type', { type }) : t('doc.closed.nowhere', { source: source.from });
}

const TYPES: Readonly<Record<string, 'doc.pdf' | 'doc.text' | 'doc.image'>> = {
  'application/pdf': 'doc.pdf',
  'application/x-pdf': 'doc.pdf',
  'text/plain': 'doc.text',
  'image/png': 'doc.image',
  'image/jpeg': 'doc.image',
  'image/jpg': 'doc.image',
};

function typeText(type: string | undefined): string {
  const known = TYPES[type ?? ''];
  return known ? t(known) : (type ?? t('doc.file'));
}

/** «PDF · 2 sider», «Tekst · 3 kB»: what the source gives. */
function attachmentText({ type, pages, bytes }: Attachment): string {
  return [
    type === undefined ? '' : typeText(type),
    pages === undefined ? '' : t(pages === 1 ? 'doc.page' : 'doc.pages', { n: pages }),
    bytes === undefined ? '' : sizeText(bytes),
  ]
    .filter(Boolean)
    .join(' · ');
}

function sizeText(bytes: number): string {
  if (bytes < 1000) return t('doc.bytes', { n: bytes });
  return bytes < 1_000_000
    ? t('doc.kilobytes', { n: Math.round(bytes / 1000) })
    : t('doc.megabytes', { n: Math.round(bytes / 1_000_000) });
}

/** Why a document did not open, and what to do. */
export function notOpenedText(
  { failure }: Exclude<Opened, { ok: true }>,
  { source }: PatientDocument,
): string {
  if (failure.kind === 'wrong-type') return t('doc.failed.type');
  if (failure.kind === 'not-permitted') return t('doc.failed.not-permitted');
  if (failure.kind === 'withheld') return t('doc.restricted');
  return t('doc.failed', { why: failureWords(failure, source.from) });
}

const ENDINGS = {
  'application/pdf': 'pdf',
  'text/plain': 'txt',
  'image/png': 'png',
  'image/jpeg': 'jpg',
} as const;

/** Downloads end up in folders others see: the name says neither who nor what (a title may name the patient). */
export function fileName({ at }: PatientDocument, { type }: Extract<Opened, { ok: true }>): string {
  const day = at === undefined ? '' : dayOf(at);
  const dated = /^\d{4}(?:-\d\d){0,2}$/.test(day) ? `-${day}` : '';
  return `${t('doc.fileName')}${dated}.${ENDINGS[type]}`;
}
