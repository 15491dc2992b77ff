import { type Act, authorOf, made, patientOf, planOf, to, type Written } from './act.ts';
import { norwegianDate } from './response.ts';

/**
 * The whole evaluation as one text, for a journal that takes only documents. The text lies in the document itself: one
 * thing to write, which is there or is not. Which 9602 code fits an evaluation is not settled (FHIR.md 6): words only.
 */
export function documentWritten(act: Act, words: string): Written {
  const { occasion, pressed, day } = act;
  const title = `Evaluering ${norwegianDate(day)}`;
  const author = authorOf(occasion.author);
  const unit = occasion.author.organizationRef;
  return {
    writes: [
      made({
        resourceType: 'DocumentReference',
        status: 'current',
        docStatus: 'final',
        type: { text: 'Evaluering av plan' },
        subject: patientOf(act),
        date: pressed,
        author: author ? [author] : [],
        custodian: unit ? to(unit) : undefined,
        description: title,
        content: [
          {
            attachment: {
              contentType: 'text/plain; charset=utf-8',
              language: 'nb-NO',
              data: base64(words),
              title,
              creation: pressed,
            },
          },
        ],
        context: { period: { start: day, end: day }, related: [planOf(occasion)] },
      }),
    ],
    summary: [{ part: 'document', words: `${title} som tekstdokument i journalen` }],
  };
}

/** UTF-8 in base64 (R4 base64Binary). */
function base64(text: string): string {
  const bytes = new TextEncoder().encode(text);
  return btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(''));
}
