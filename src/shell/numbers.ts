import type { PatientId } from '../record/model.ts';

/** `+47 00 00 02 10` where it is a Norwegian number of eight digits; any other number stands as it was written. */
export function phoneText(number: string): string {
  const digits = number.replace(/[\s-]/g, '');
  const found = /^(?:\+47|0047)?(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(digits);
  return found ? `+47 ${found.slice(1).join(' ')}` : number;
}

/** What a phone can dial. Undefined when there is more than a number in the text: that is for a person to read. */
export function dialable(number: string): string | undefined {
  const bare = number.replace(/[\s()./-]/g, '');
  return /^\+?\d{3,15}$/.test(bare) ? bare : undefined;
}

/** `128507 98271` */
export function idText({ kind, value }: PatientId): string {
  return kind !== 'other' && /^\d{11}$/.test(value)
    ? `${value.slice(0, 6)} ${value.slice(6)}`
    : value;
}
