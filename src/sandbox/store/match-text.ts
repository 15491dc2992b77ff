/** Search types string, token and uri (FHIR R4, Search §3.1.1.4.8, .10 and .14). */
import { asList, isObject, textAt } from './json.ts';
import { splitOn, unescape } from './search-values.ts';

export type Test = (value: unknown) => boolean;

/** Trap: NFD takes the ring off å, but æ and ø are letters of their own and stay; «oys» must find Øystein. */
export function fold(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('æ', 'ae')
    .replaceAll('ø', 'o');
}

/** Undefined = the modifier does not exist for strings. */
export function stringTest(modifier: string | undefined, written: string): Test | undefined {
  const wanted = unescape(written);
  const folded = fold(wanted);
  switch (modifier) {
    case undefined:
      return value => textsOf(value).some(text => fold(text).startsWith(folded));
    case 'contains':
      return value => textsOf(value).some(text => fold(text).includes(folded));
    case 'exact':
      return value => textsOf(value).includes(wanted);
    default:
      return undefined;
  }
}

/** FHIR R4: a HumanName or Address matches on any of its parts. */
export function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (!isObject(value)) return [];
  const parts = ['text', 'family', 'given', 'prefix', 'suffix'];
  const lines = ['line', 'city', 'district', 'state', 'postalCode', 'country'];
  return [...parts, ...lines]
    .flatMap(name => asList(value[name]))
    .filter(each => typeof each === 'string');
}

export function tokenTest(modifier: string | undefined, written: string): Test | undefined {
  if (modifier === 'text') {
    const folded = fold(unescape(written));
    return value => displaysOf(value).some(text => fold(text).startsWith(folded));
  }
  // `:not` is turned round by the caller: it is about the whole resource, not about one value.
  if (modifier !== undefined && modifier !== 'not') return undefined;
  const parts = splitOn(written, '|').map(unescape);
  const [first = '', code] = parts;
  if (code === undefined) return value => tokensOf(value).some(token => token.code === first);
  return value =>
    tokensOf(value).some(
      token => isSystem(token, first) && (code === '' ? first !== '' : token.code === code),
    );
}

interface Token {
  readonly code: string;
  readonly system: string | undefined;
  /** A plain `code` has its system implied by the element, so any system asked for is taken as that one. */
  readonly implied?: true;
}

function isSystem(token: Token, asked: string): boolean {
  if (token.implied) return true;
  return asked === '' ? token.system === undefined : token.system === asked;
}

export function tokensOf(value: unknown): Token[] {
  if (typeof value === 'string' || typeof value === 'boolean') {
    return [{ code: String(value), system: undefined, implied: true }];
  }
  if (!isObject(value)) return [];
  if (Array.isArray(value['coding'])) return value['coding'].flatMap(tokensOf);
  const system = textAt(value, 'system');
  const code = textAt(value, 'code') ?? textAt(value, 'value');
  return code === undefined ? [] : [{ code, system }];
}

function displaysOf(value: unknown): string[] {
  if (!isObject(value)) return [];
  const own = [value['text'], value['display']];
  const inType = isObject(value['type']) ? displaysOf(value['type']) : [];
  const texts = own.filter(each => typeof each === 'string');
  return [...texts, ...inType, ...asList(value['coding']).flatMap(displaysOf)];
}

export function uriTest(modifier: string | undefined, written: string): Test | undefined {
  const wanted = unescape(written);
  switch (modifier) {
    case undefined:
      return value => value === wanted;
    case 'below':
      return value => typeof value === 'string' && value.startsWith(wanted);
    case 'above':
      return value => typeof value === 'string' && wanted.startsWith(value);
    default:
      return undefined;
  }
}
