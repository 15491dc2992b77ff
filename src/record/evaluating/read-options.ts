import { isRaw, type Raw } from '../../fhir/ask.ts';
import type { AnswerValue, Option } from './form.ts';
import { inLanguage, type Reading } from './read-words.ts';

/** What may be answered: `answerOption`, or the codes of a value set the form carries with it. */
export function optionsOf(
  raw: Raw,
  answerValueSet: string | undefined,
  reading: Reading,
): readonly Option[] {
  const given = [raw['answerOption']].flat().filter(isRaw);
  if (given.length > 0) return given.flatMap(each => optionOf(each, reading.language) ?? []);
  if (!answerValueSet?.startsWith('#')) return [];
  const set = reading.contained.find(({ id }) => id === answerValueSet.slice(1));
  return set ? codesIn(set, reading.language) : [];
}

function optionOf(raw: Raw, language: string): Option | undefined {
  const value = valueOf(raw);
  if (!value) return undefined;
  return { value, label: labelOf(value, raw, language) };
}

function labelOf(value: AnswerValue, raw: Raw, language: string): string {
  const [written] = Object.values(value);
  if (!isRaw(written)) return String(written);
  const original = raw['valueCoding'];
  const { display, code, reference } = written;
  return (
    (isRaw(original) ? inLanguage(original, 'display', language) : undefined) ??
    [display, code, reference].find(each => typeof each === 'string') ??
    ''
  );
}

/** R4 ValueSet: an expansion where there is one, and the codes it lists by name. */
function codesIn(set: Raw, language: string): readonly Option[] {
  const { expansion, compose } = set;
  const expanded = isRaw(expansion) ? rawsIn(expansion['contains']) : [];
  const composed = isRaw(compose)
    ? rawsIn(compose['include']).flatMap(({ system, concept }) =>
        rawsIn(concept).map((each): Raw => ({ ...each, system })),
      )
    : [];
  return [...expanded, ...composed].flatMap((each): readonly Option[] => {
    const { system, code, display } = each;
    const option =
      typeof code === 'string'
        ? optionOf({ valueCoding: withoutGaps({ system, code, display }) }, language)
        : undefined;
    return option ? [option] : [];
  });
}

const rawsIn = (value: unknown): readonly Raw[] => [value].flat().filter(isRaw);

const withoutGaps = (raw: Raw): Raw =>
  Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== undefined));

/** The one `value[x]` or `answer[x]`, as `value[x]`. Translations and other shadows are not part of an answer. */
export function valueOf(raw: Raw, prefix: 'value' | 'answer' = 'value'): AnswerValue | undefined {
  const found = Object.entries(raw).find(
    ([name, value]) => new RegExp(`^${prefix}[A-Z]`).test(name) && value !== undefined,
  );
  if (!found) return undefined;
  const [name, value] = found;
  return { [`value${name.slice(prefix.length)}`]: isRaw(value) ? plain(value) : value };
}

const plain = (value: Raw): Raw =>
  Object.fromEntries(Object.entries(value).filter(([name]) => !name.startsWith('_')));
