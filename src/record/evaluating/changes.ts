import type { ResponseItem } from './form.ts';
import { allOf, isYes, wordsOf } from './response.ts';

/** One change in the treatment, as it was answered. */
export interface Change {
  readonly kind: string | undefined;
  readonly what: string;
  readonly from: string | undefined;
  readonly to: string;
  readonly why: string | undefined;
  readonly doctorDecides: boolean;
}

/** The changes, in the order they were written (`change`; docs/fhir.md, «What we write»). */
export const changesIn = (items: readonly ResponseItem[]): readonly Change[] =>
  allOf(items, 'change').map(change => {
    const one = (linkId: string) => wordsOf([change], linkId)[0];
    return {
      kind: one('kind'),
      what: one('what') ?? '',
      from: one('from'),
      to: one('to') ?? '',
      why: one('why'),
      doctorDecides: isYes([change], 'gp-decides'),
    };
  });

/** «sertralin 100 → 150 mg»: the unit once, where both have it in the very same words. */
export function changeWords({ what, from, to }: Change): string {
  if (!from) return `${what} ${to}`.trim();
  const [, number = '', unit] = /^([\d.,]+)\s+(\S.*)$/.exec(from) ?? [];
  const [, , other] = /^([\d.,]+)\s+(\S.*)$/.exec(to) ?? [];
  return `${what} ${unit !== undefined && unit === other ? number : from} → ${to}`.trim();
}

/** What it is with its name before it, unless the name is there already: «sertralin 100 mg». */
export const namedAmount = (what: string, amount: string): string =>
  amount.toLowerCase().startsWith(what.toLowerCase()) ? amount : `${what} ${amount}`.trim();
