import { norwegianDate } from '../evaluating/response.ts';
import { localDay, localTime } from '../local-time.ts';
import { changeText, isWaiting, type Sending } from './change.ts';
import { receiverOf } from './overdue.ts';
import type { Changes } from './read-changes.ts';

/** What is not answered, by whom and since when, in the language of the record. */
export function noticeInWords(all: Changes, sending: Sending, now: Date): string {
  const { author, patientName } = all;
  const { changes, due } = sending;
  const left = changes.filter(isWaiting);
  const who = receiverOf(all, sending).name ?? 'fastlegen';
  const by = [author.name, author.organization].filter(Boolean).join(', ');
  const n = changes.length === 1 ? '1 endring' : `${left.length} av ${changes.length} endringer`;
  return [
    `Fristen${due ? ` ${deadline(due)}` : ''} er ute: ${n} for ${patientName ?? 'pasienten'} er ikke besvart av ${who}.`,
    ...left.map(change => `- ${changeText(change)}`),
    'Endringene venter fortsatt på svar. Dette sendes bare én gang.',
    `${by ? `Sendt av ${by}, ` : 'Sendt '}${norwegianDate(localDay(now))}. Ikke akutt.`,
  ].join('\n');
}

/** «19.11.2026 kl. 15.00»; a deadline without a time has none made up for it. */
function deadline(due: string): string {
  const at = new Date(due);
  if (!due.includes('T') || Number.isNaN(at.getTime())) return norwegianDate(due);
  const local = localTime(at);
  return `${norwegianDate(local.slice(0, 10))} kl. ${local.slice(11, 16).replace(':', '.')}`;
}
