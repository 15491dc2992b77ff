// What lies on the machine while somebody uses Sideplan, and after (CATALOGUE S01, S02, S07, S10; SAFETY TM48, 5).
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FrameLocator, Page } from '@playwright/test';
import { collect, scan, untilFieldsAreKept, withoutOwnWords } from './disk-scan.ts';
import { openEhr, scenario } from './ehr.ts';
import { evaluate, openMaja, SAID, save, states, storedOf } from './evaluating.ts';
import { expect, stopBrowser, test } from './raw.ts';
import { startChromium } from './raw-chromium.ts';

// A trace would be written when the browser is long gone, and would itself hold all that must not be found.
test.use({ trace: 'off' });

test('S01 S10 disk-scan: after log out nothing of the patient, the plan or the login lies on the disk', async ({
  page,
  context,
  sandbox,
  raw,
  expectProblem,
}) => {
  expectProblem(/501|what is written in planted/);
  // A server that lets everything be kept, and no batches, whose answers no browser keeps: what stays off the disk now
  // does so because Sideplan asked for it so.
  const keep = { 'cache-control': 'private, max-age=600' };
  await scenario(
    sandbox,
    { match: '/^POST \\/fhir$/', then: 'respond', status: 501 },
    { match: 'GET /fhir/', then: 'respond', headers: keep },
  );
  const served = collect(context);
  // As the journal opens it, in a frame; and in a tab of its own, where the login goes through this page's address.
  const frame = await openEhr(page, sandbox, { user: 'u-lv', patient: 'p1' });
  await lookAround(frame);
  const alone = await context.newPage();
  await alone.goto(`${sandbox.ehrOrigin}/ehr/launch?user=u-psy&patient=p1`);
  await lookAround(alone);
  await evaluate(alone, 'review', HALF_TYPED);
  await untilFieldsAreKept(alone, raw.profile);
  await alone.reload();
  await expect(alone.locator('[data-patient-banner]')).toContainText('Maja');
  // Something that does stay, left by the journal's own page, or a scan that finds nothing would prove nothing.
  await page.evaluate(word => localStorage.setItem('planted', word), IN_STORAGE);
  await logOut(alone);
  await logOut(frame);
  await page.close();
  await alone.close();

  const markers = await served();
  for (const [kind, found] of Object.entries(markers))
    expect(found.size, kind).toBeGreaterThan(kind === 'tokens' ? 3 : 1);
  const all = await withoutOwnWords(Object.values(markers).flatMap(found => [...found]));
  expect(all.length).toBeGreaterThanOrEqual(25);
  expect(all).toEqual(expect.arrayContaining(['Testdal']));

  await stopBrowser(context, raw);
  const left = await scan(raw.profile, [...all, HALF_TYPED, IN_STORAGE, IN_THE_CACHE]);
  const planted = left.filter(({ marker }) => marker === IN_STORAGE || marker === IN_THE_CACHE);
  expect(new Set(planted.map(({ marker }) => marker)).size).toBe(2);
  expect(left.filter(one => !planted.includes(one))).toEqual([]);
});

const HALF_TYPED = 'Trappa knirker om natten';
/** The name of the outbox's database: a scan that does not find it has looked in the wrong place. */
const DATABASE = 'sideplan';

test('S02 S07 disk-scan-during: what waits and what is half typed lies on the disk, and who takes the disk has no key to it', async ({
  page,
  context,
  sandbox,
  raw,
  playwright,
  expectProblem,
}) => {
  expectProblem(/503|404|what is written in planted/);
  const served = collect(context);
  await openMaja(page, sandbox);
  await scenario(sandbox, { match: '/^POST \\/fhir$/', status: 503 });
  await save(page);
  await expect(states(page)).toHaveAttribute('data-outbox-state', 'queued');
  await evaluate(page, 'review', HALF_TYPED);
  await expect(page.locator('.evaluation')).toContainText('Kladd lagret');
  await untilFieldsAreKept(page, raw.profile);
  // In the middle of the work somebody takes the machine, as its disk is now.
  const taken = await mkdtemp(join(tmpdir(), 'sideplan-taken-'));
  try {
    await cp(raw.profile, taken, { recursive: true, filter: isWanted });
    const all = await withoutOwnWords(Object.values(await served()).flatMap(found => [...found]));
    expect(all).toEqual(expect.arrayContaining(['Testdal']));
    const left = await scan(raw.profile, [...all, SAID, HALF_TYPED, DATABASE]);
    expect(left.some(({ marker }) => marker === DATABASE)).toBe(true);
    expect(left.filter(({ marker }) => marker !== DATABASE)).toEqual([]);
    // And opens it, where the same address answers, without her login.
    const thief = await startChromium(taken);
    try {
      const browser = await playwright.chromium.connectOverCDP(thief.address);
      const there = await browser.contexts()[0]!.newPage();
      await there.goto(`${new URL(page.url()).origin}/index.html`);
      const { rows, keys } = await there.evaluate(allThatLiesThere, DATABASE);
      expect(rows).toBeGreaterThan(1);
      expect(keys).toBe(0);
    } finally {
      await thief.kill();
    }
  } finally {
    await rm(taken, { recursive: true, force: true });
  }
  // She herself, on her own machine, has lost nothing.
  await scenario(sandbox);
  await expect.poll(() => storedOf(sandbox).answers.length, { timeout: 30_000 }).toBe(1);
});

/** Not what only the running browser needs. */
const isWanted = (path: string) => !/Singleton|Cache/.test(path);

/** How much lies in the database, and how many keys, in whatever form, lie beside it. */
async function allThatLiesThere(name: string): Promise<{ rows: number; keys: number }> {
  // oxlint-disable-next-line unicorn/consistent-function-scoping -- it runs inside the page, which has only this function
  const settled = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      request.addEventListener('success', () => resolve(request.result));
      request.addEventListener('error', () => reject(request.error ?? new Error('denied')));
    });
  const isKey = (value: unknown): boolean =>
    value instanceof CryptoKey ||
    (typeof value === 'object' &&
      value !== null &&
      ('d' in value || 'k' in value || Object.values(value).some(isKey)));
  const database = await settled(indexedDB.open(name));
  const stores = [...database.objectStoreNames];
  const all = await Promise.all(
    stores.map(store => settled(database.transaction(store).objectStore(store).getAll())),
  );
  const rows: unknown[] = all.flat();
  return { rows: rows.length, keys: rows.filter(isKey).length };
}

const IN_STORAGE = 'Dette-ble-lagt-igjen-med-vilje';
/** The first line of the journal's own script, which may be cached. */
const IN_THE_CACHE = 'Plain JavaScript, because the browser gets this file';

async function lookAround(where: Page | FrameLocator): Promise<void> {
  await expect(where.locator('[data-patient-banner]')).toContainText('Maja');
  for (const tab of await where.getByRole('tab').all()) await tab.click();
  await expect(where.locator('[data-section="medication"]').first()).toHaveAttribute(
    'data-state',
    'present',
  );
}

async function logOut(where: Page | FrameLocator): Promise<void> {
  await where.getByRole('button', { name: 'Meny' }).click();
  await where.getByRole('button', { name: 'Logg ut' }).click();
  await expect(where.getByRole('heading', { name: /logget ut/ })).toBeVisible();
}
