import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { build } from 'vite';
import type { WallClock, wallClock } from '../../src/shell/dates.ts';
import { expect, test } from './sandbox.ts';

const entry = fileURLToPath(new URL('../../src/shell/dates.ts', import.meta.url));

/** What the wall said a minute before and at the full hour in which clocks change, every day for seventy years. */
const walls = (page: Page): Promise<readonly WallClock[]> =>
  page.evaluate(() => {
    const dates = Reflect.get(globalThis, 'dates') as { wallClock: typeof wallClock };
    const seen: WallClock[] = [];
    for (let day = Date.UTC(1970, 0, 1, 1); day < Date.UTC(2040, 0, 1); day += 86_400_000)
      seen.push(dates.wallClock(new Date(day - 60_000)), dates.wallClock(new Date(day)));
    return seen;
  });

test('HZ21 the clock on a Norwegian wall says the same in a browser that has Temporal and in one that has not', async ({
  context,
}) => {
  const lib = { entry, formats: ['iife' as const], name: 'dates' };
  const built = await build({ configFile: false, logLevel: 'error', build: { write: false, lib } });
  const [chunk] = [built]
    .flat()
    .flatMap(one => ('output' in one ? one.output : []))
    .filter(one => one.type === 'chunk');
  const content = chunk?.code ?? '';
  const [newer, older] = [await context.newPage(), await context.newPage()];
  await older.evaluate(() => Reflect.deleteProperty(globalThis, 'Temporal'));
  for (const page of [newer, older]) await page.addScriptTag({ content });
  expect(await newer.evaluate(() => 'Temporal' in globalThis)).toBe(true);
  expect(await older.evaluate(() => 'Temporal' in globalThis)).toBe(false);
  const seen = await walls(newer);
  expect(seen.find(({ day }) => day === '2026-03-29')).toMatchObject({ weekday: 7, minutes: 119 });
  expect(seen).toEqual(await walls(older));
});
