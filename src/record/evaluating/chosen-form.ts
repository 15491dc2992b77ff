import type { Raw } from '../../fhir/ask.ts';
import type { Form, FormItem } from './form.ts';
import questionnaire from './questionnaire.json' with { type: 'json' };
import { formOf } from './read-form.ts';

/** The form's canonical address, without version. */
export const FORM_URL = questionnaire.url;

/** What the rest of this folder knows where to find: a form without these is not one it can write an evaluation from. */
const NEEDED = ['date', 'patient-participation', 'goal', 'status', 'next-evaluation'];

/** The server's newest active edition of the form where it can be used here; else our own. */
export function chosenForm(found: readonly Raw[], language: string): Form {
  const editions = found
    .filter(({ url, status }) => url === FORM_URL && status === 'active')
    .toSorted((a, b) => byVersion(b, a));
  const usable = editions
    .map(raw => formOf(raw, 'server', language))
    .find(form => form && NEEDED.every(linkId => form.items.some(has(linkId))));
  if (usable) return usable;
  const own = formOf(questionnaire, 'own', language);
  if (!own) throw new Error('Our own form cannot be read');
  return own;
}

const has =
  (linkId: string) =>
  (item: FormItem): boolean =>
    item.linkId === linkId || item.items.some(has(linkId));

const byVersion = (a: Raw, b: Raw) =>
  versionOf(a).localeCompare(versionOf(b), 'en', { numeric: true });

const versionOf = ({ version }: Raw) => (typeof version === 'string' ? version : '');
