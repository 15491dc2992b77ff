import { extensionUrl } from '../../fhir/shapes.ts';
import { type Act, authorOf, made, patientOf, planOf, toOwn, type Written } from './act.ts';
import { norwegianDate } from './response.ts';

/** What was answered, with every question's words. The root of the whole evaluation. */
export function answersWritten(act: Act): Written {
  const { occasion, items, pressed, meeting, day } = act;
  const { form, version, author, planTitle } = occasion;
  const answers = made(
    {
      resourceType: 'QuestionnaireResponse',
      // R4 `basedOn` names the plan; which edition of it was evaluated has no element (docs/fhir.md).
      extension: version ? [{ url: extensionUrl('plan-version'), valueString: version }] : [],
      questionnaire: form.canonical,
      basedOn: [planOf(occasion)],
      status: 'completed',
      subject: patientOf(act),
      encounter: meeting === undefined ? undefined : toOwn(meeting),
      authored: pressed,
      author: authorOf(author),
      item: items,
    },
    act.answers,
  );
  const plan = planTitle ? `«${planTitle}»` : 'planen';
  return {
    writes: [answers],
    summary: [{ part: 'answers', words: `Evaluering ${norwegianDate(day)} av ${plan}` }],
  };
}
