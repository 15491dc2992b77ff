import { extensionUrl } from '../../fhir/shapes.ts';
import { type Act, changed, NOTHING_WRITTEN, type Written } from './act.ts';
import type { ResponseItem } from './form.ts';
import { allOf, codeOf, firstAnswer, norwegianDate, wordsOf } from './response.ts';

const EVALUATED = extensionUrl('evaluated');
const NEXT = extensionUrl('next-evaluation');

/** When the plan was evaluated and with whom, and when it is next: two extensions, and nothing else of it (docs/fhir.md). */
export function planWritten(act: Act): Written {
  const { occasion, items, day } = act;
  const next = firstAnswer(items, 'next-evaluation')?.['valueDate'];
  if (!act.takes('plan') || typeof next !== 'string') return NOTHING_WRITTEN;
  const who = withWhom(occasion.patientName, items);
  return {
    writes: [
      changed(occasion.ref, occasion.plan, [
        {
          at: `extension:${EVALUATED}`,
          value: {
            url: EVALUATED,
            extension: [
              { url: 'date', valueDate: day },
              ...(who ? [{ url: 'with', valueString: who }] : []),
            ],
          },
          label: 'Sist evaluert',
          words: who ? `${norwegianDate(day)} med ${who}` : norwegianDate(day),
        },
        {
          at: `extension:${NEXT}`,
          value: { url: NEXT, valueDate: next },
          label: 'Neste evaluering',
          words: norwegianDate(next),
        },
      ]),
    ],
    summary: [
      {
        part: 'plan',
        words: `Planen: evaluert ${norwegianDate(day)}, neste evaluering ${norwegianDate(next)}`,
      },
    ],
  };
}

/** The patient where they took part, by the name they are called; else those who were there. */
function withWhom(patientName: string | undefined, items: readonly ResponseItem[]): string {
  const [given] = patientName?.split(' ') ?? [];
  const tookPart = ['deltok', 'delvis'].includes(codeOf(items, 'patient-participation') ?? '');
  if (tookPart) return given ?? 'pasienten';
  return allOf(items, 'present')
    .flatMap(one => wordsOf([one], 'who'))
    .join(', ');
}
