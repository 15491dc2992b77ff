import type { PatientId } from '../record/model.ts';

/** `+47 00 00 02 10` where it is a Norwegian number of eight digits; any other number stands as it was written. */
export function phoneText(number: string): string {
  const digits = number.replace(/[\s-]/g, '');
  const found = /^(?:\+47|0047)?(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(digits);
  return found ? `+47 ${found.slice(1).join(' ')}` : number;
}

const NUMBER = /^((\+|00)(?!47)\d{6,15}|((\+|00)47)?\d{3,8})$/;

/**
 * What a phone can dial: one number, Norwegian or with its country, of digits, spaces, «+», «-» and parentheses.
 * Undefined for anything else – an extension, two numbers, «(0)» – which is for a person to read.
 */
export function dialable(number: string): string | undefined {
  const bare = number.replace(/[ \u00A0()-]/g, '');
  return NUMBER.test(bare) && !/\( *0/.test(number) ? bare : undefined;
}

/** `128507 98271` */
export function idText({ kind, value }: PatientId): string {
  return kind !== 'other' && /^\d{11}$/.test(value)
    ? `${value.slice(0, 6)} ${value.slice(6)}`
    : value;
}
