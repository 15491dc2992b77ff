import questionnaire from '../../record/evaluating/questionnaire.json' with { type: 'json' };
import type { Resource } from '../types.ts';
import { oslo } from './fhir.ts';

/** The form evaluations answer: the one thing the app and the EHR hold in the very same words. */
export const evaluationForm = (): Resource => ({
  ...questionnaire,
  meta: { lastUpdated: oslo('2026-11-01', '08:00') },
});

/** Whether something answers that form, in any edition. */
export const answersForm = ({ questionnaire: form }: Resource): boolean =>
  typeof form === 'string' && form.split('|')[0] === questionnaire.url;
