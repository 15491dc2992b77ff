import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  ageOn,
  dateText,
  daysBetween,
  momentText,
  monthsBetween,
  timeText,
  wallClock,
} from '../src/shell/dates.ts';
import { dialable, idText, phoneText } from '../src/shell/numbers.ts';
import { seen } from '../src/shell/Text.tsx';
import { en as enRooms } from '../src/shell/words/en.ts';
import { enLaunch } from '../src/shell/words/en-launch.ts';
import { nb as nbRooms } from '../src/shell/words/nb.ts';
import { nbLater } from '../src/shell/words/nb-later.ts';
import { nbLaunch } from '../src/shell/words/nb-launch.ts';
import { nbPlan } from '../src/shell/words/nb-plan.ts';
import { nbSafety } from '../src/shell/words/nb-safety.ts';
import { speak, t } from '../src/shell/words/words.ts';

vi.stubGlobal('document', { documentElement: { lang: '' } });
afterEach(() => speak('nb'));

const nb = { ...nbRooms, ...nbLater, ...nbPlan, ...nbSafety, ...nbLaunch };
const en = { ...enRooms, ...enLaunch };
const gaps = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([gap]) => gap).sort();

test('both languages leave room for the same things in every sentence', () => {
  for (const key of Object.keys(nb) as (keyof typeof nb)[])
    expect([key, gaps(en[key])]).toEqual([key, gaps(nb[key])]);
});

test('no sentence shouts', () => {
  for (const text of [...Object.values(nb), ...Object.values(en)]) expect(text).not.toContain('!');
});

test('«ingen» and «none» stand only in sentences about somebody having said so', () => {
  const says = /\bingen\b|\bnone\b|\bno known\b/i;
  for (const words of [nb, en])
    for (const [key, text] of Object.entries(words))
      if (says.test(text)) expect(key).toMatch(/^(allergy\.none(\.|$)|state\.asserted-none$)/);
});

test('the page says which language it speaks', async () => {
  await speak('en');
  expect(document.documentElement.lang).toBe('en');
  expect(t('call.until', { time: '23' })).toBe('until 23');
});

describe('dates', () => {
  test.each([
    ['2026-11-12', '12.11.2026', '12 Nov 2026'],
    ['2026-01-02', '02.01.2026', '2 Jan 2026'],
    ['2026-11', '11.2026', 'Nov 2026'],
    ['2026', '2026', '2026'],
    ['2026-11-12T23:30:00Z', '13.11.2026', '13 Nov 2026'],
    ['2026-11-12T00:10:00+01:00', '12.11.2026', '12 Nov 2026'],
    ['en gang i fjor', 'en gang i fjor', 'en gang i fjor'],
  ])('%s is as precise on screen as the source wrote it', async (date, norwegian, english) => {
    expect(dateText(date)).toBe(norwegian);
    await speak('en');
    expect(dateText(date)).toBe(english);
  });

  test('the clock is the one on a Norwegian wall, also when it changes', () => {
    expect(wallClock(new Date('2026-03-29T00:59:00Z'))).toMatchObject({ weekday: 7, minutes: 119 });
    expect(wallClock(new Date('2026-03-29T01:00:00Z'))).toMatchObject({ weekday: 7, minutes: 180 });
    expect(timeText(new Date('2026-11-21T19:15:00Z'))).toBe('kl. 20.15');
  });

  test('a moment on another day carries its date', () => {
    const now = new Date('2026-11-21T20:15:00+01:00');
    expect(momentText(new Date('2026-11-21T00:05:00+01:00'), now)).toBe('kl. 00.05');
    expect(momentText(new Date('2026-11-20T16:05:00+01:00'), now)).toBe('20.11.2026 kl. 16.05');
  });

  test('age and time passed count whole years, months and days', () => {
    const now = new Date('2026-11-21T20:15:00+01:00');
    expect(ageOn('2007-05-12', now)).toBe(19);
    expect(ageOn('2007-11-22', now)).toBe(18);
    expect(ageOn('2007', now)).toBeUndefined();
    expect(monthsBetween('2026-04-15', now)).toBe(7);
    expect(daysBetween('2026-05-25', now)).toBe(180);
    expect(daysBetween('2027-01-07', now)).toBe(-47);
  });
});

describe('numbers', () => {
  test.each([
    ['+4700000210', '+47 00 00 02 10'],
    ['00 00 02 10', '+47 00 00 02 10'],
    ['116 117', '116 117'],
    ['113', '113'],
    ['+46 8 123 456 78', '+46 8 123 456 78'],
    ['be om vakthavende', 'be om vakthavende'],
  ])('the phone number %s is shown as %s', (number, shown) => {
    expect(phoneText(number)).toBe(shown);
  });

  test('only a number can be dialled', () => {
    expect(dialable('+47 00 00 02 10')).toBe('+4700000210');
    expect(dialable('116 117')).toBe('116117');
    expect(dialable('(22) 00-00-00')).toBe('22000000');
    expect(dialable('+46 8 123 456 78')).toBe('+46812345678');
    for (const text of [
      '22 00 00 00 tast 3',
      'javascript:alert(1)',
      '22 00 00 00/91 00 00 00',
      '113/110',
      '22 00 00 00 113',
      '22 00 00 00, 113',
      '22000000\n113',
      '+47 22 00 00 00 +47 91 00 00 00',
      '+47 22 00 00 00 113',
      '+47 (0) 22 00 00 00',
      '22.00.00.00',
    ])
      expect([text, dialable(text)]).toEqual([text, undefined]);
  });

  test('a national number is read in two parts, another number as it is', () => {
    expect(idText({ kind: 'fnr', value: '12850798271' })).toBe('128507 98271');
    expect(idText({ kind: 'other', value: '12850798271' })).toBe('12850798271');
  });
});

test('what cannot be seen in a text is marked', () => {
  expect(seen('gi \u202Egm 01\u202C')).toBe('gi ⟦202E⟧gm 01⟦202C⟧');
  expect(seen('in\u200Bgen')).toBe('in⟦200B⟧gen');
  expect(seen('linje 1\nlinje 2 – æøå')).toBe('linje 1\nlinje 2 – æøå');
});
