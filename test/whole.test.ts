import { expect, test } from 'vitest';
import type { Reading } from '../src/record/reading.ts';
import { isWhole } from '../src/record/whole.ts';
import { known } from './hand-made.tsx';

const aside = (why: 'other-patient' | 'withdrawn') =>
  known([1], { setAside: [{ ref: 'Task/1', why }] });

test.each<[string, Reading<unknown>, boolean]>([
  ['everything came', known([1]), true],
  ['there is nothing', known([]), true],
  ['somebody says that nobody knows', known([], { state: 'asserted-unknown' }), true],
  ['one was withdrawn', aside('withdrawn'), true],
  ['one is about somebody else', aside('other-patient'), false],
  [
    'one page was lost',
    known([1], { gaps: [{ what: 'Task', from: 'EHR', why: 'page-lost' }] }),
    false,
  ],
  ['it could not be read', known([], { state: 'failed' }), false],
  ['it is kept back', known([], { state: 'withheld' }), false],
  ['it is on its way', { state: 'loading' }, false],
])('where %s, it is known whether that is all of it', (_, reading, whole) => {
  expect(isWhole(reading)).toBe(whole);
});
