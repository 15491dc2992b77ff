import { norwegianDate } from '../evaluating/response.ts';
import { localDay } from '../local-time.ts';
import type { Decided, Reply } from './answer.ts';
import { type Change, changeText, isWaiting, type Outcome } from './change.ts';
import type { Changes } from './read-changes.ts';

const SAID: Readonly<Record<Outcome, string>> = {
  accept: 'Godtatt',
  adjust: 'Tilpasset',
  reject: 'Avvist',
  return: 'Sendt tilbake',
};

/**
 * The answer in plain words, one line for each change: for a dialogmelding (text alone, not urgent) and for whoever must
 * send it some other way.
 */
export function answerInWords(
  { author, patientName }: Changes,
  { sending, decisions, actions }: Reply,
  now: Date,
): string {
  const { changes, sent } = sending;
  const n = changes.length === 1 ? '1 endring' : `${changes.length} endringer`;
  const asked = sent ? `, sendt ${norwegianDate(localDay(new Date(sent)))}` : '';
  const by = [author.name, author.organization].filter(Boolean).join(', ');
  return [
    `Svar på ${n} for ${patientName ?? 'pasienten'}${asked}.`,
    ...changes.map(
      (change, index) => `${index + 1} ${line(change, decisions.get(change.source.ref))}`,
    ),
    ...actions.map(({ words }) => `Avvik: ${words}`),
    'Svaret endrer ikke legemiddellisten (PLL) og er ikke en resept.',
    `${by ? `Svar fra ${by}, ` : 'Svart '}${norwegianDate(localDay(now))}. Ikke akutt.`,
  ].join('\n');
}

function line(change: Change, decided: Decided | undefined): string {
  const what = changeText(change);
  if (!isWaiting(change)) return `${what}: besvart tidligere.`;
  if (!decided || decided.version !== change.source.version) return `${what}: ikke besvart ennå.`;
  const { outcome, value, reason } = decided;
  const said = value ? `${SAID[outcome]} til «${value}»` : SAID[outcome];
  return `${what}: ${said}.${reason ? ` ${full(reason)}` : ''}`;
}

const full = (sentence: string) => (/[.!?]$/.test(sentence) ? sentence : `${sentence}.`);
