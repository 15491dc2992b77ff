import { isRaw, type Raw } from '../../fhir/ask.ts';

/** What a form is read with: the language wanted, and the value sets it carries with it. */
export interface Reading {
  readonly language: string;
  readonly contained: readonly Raw[];
}

const TRANSLATION = 'http://hl7.org/fhir/StructureDefinition/translation';

/** A primitive in the language asked for, where its translation extension has it (R4, «translation»); else as written. */
export function inLanguage(holder: Raw, name: string, language: string): string | undefined {
  const written = holder[name];
  const shadow = holder[`_${name}`];
  const extensions = isRaw(shadow) ? [shadow['extension']].flat().filter(isRaw) : [];
  const translated = extensions
    .filter(({ url }) => url === TRANSLATION)
    .map(({ extension }) => [extension].flat().filter(isRaw))
    .find(parts => parts.some(part => part['url'] === 'lang' && part['valueCode'] === language))
    ?.find(part => part['url'] === 'content');
  const content = translated?.['valueString'] ?? translated?.['valueMarkdown'];
  if (typeof content === 'string') return content;
  return typeof written === 'string' ? written : undefined;
}
