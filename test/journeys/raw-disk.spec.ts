// What is left on the machine when somebody has used Sideplan and logged out (CATALOGUE S01, S10; SAFETY TM48, 5).
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserContext, FrameLocator, Page } from '@playwright/test';
import { openEhr, scenario } from './ehr.ts';
import { expect, stopBrowser, test } from './raw.ts';

// A trace would be written when the browser is long gone, and would itself hold all that must not be found.
test.use({ trace: 'off' });
test.setTimeout(60_000);

test('S01 S10 disk-scan: after log out nothing of the patient, the plan or the login lies on the disk', async ({
  page,
  context,
  sandbox,
  raw,
  expectProblem,
}) => {
  expectProblem(/501/);
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
  await alone.goto(`${sandbox.ehrOrigin}/ehr/launch?user=u-lv&patient=p1`);
  await lookAround(alone);
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
  const all = Object.values(markers).flatMap(found => [...found]);
  expect(all.length).toBeGreaterThanOrEqual(25);
  expect(all).toEqual(expect.arrayContaining(['Testdal']));

  await stopBrowser(context, raw);
  const left = await scan(raw.profile, [...all, IN_STORAGE, IN_THE_CACHE]);
  const planted = left.filter(({ marker }) => marker === IN_STORAGE || marker === IN_THE_CACHE);
  expect(new Set(planted.map(({ marker }) => marker)).size).toBe(2);
  expect(left.filter(one => !planted.includes(one))).toEqual([]);
});

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

interface Markers {
  readonly tokens: Set<string>;
  readonly names: Set<string>;
  readonly numbers: Set<string>;
  readonly texts: Set<string>;
}

/** What the sandbox serves from now on that would tell somebody who the patient is, what the plan says, or let them in. */
function collect(context: BrowserContext): () => Promise<Markers> {
  const reading: Promise<string>[] = [];
  context.on('response', response => {
    if (!/\/(?:fhir|auth\/token)(?:\/|\?|$)/.test(response.url())) return;
    reading.push(response.text().catch(() => ''));
  });
  return async () => {
    const markers = {
      tokens: new Set<string>(),
      names: new Set<string>(),
      numbers: new Set<string>(),
      texts: new Set<string>(),
    };
    for (const body of await Promise.all(reading)) {
      if (!body.startsWith('{')) continue;
      JSON.parse(body, (key, value: unknown) => {
        if (typeof value === 'string') sort(key, value, markers);
        return value;
      });
    }
    return markers;
  };
}

function sort(key: string, value: string, markers: Markers): void {
  if (key.endsWith('_token')) markers.tokens.add(value);
  if (key === 'family') markers.names.add(value);
  if (key === 'value' && /^\+?[\d ]{8,}$/.test(value)) markers.numbers.add(value);
  if (/^(?:text|description|title|display)$/.test(key) && /\S+ \S+ \S+/.test(value))
    markers.texts.add(value);
}

/** Every file of the profile, for every marker, in the ways Chromium writes text down. */
async function scan(folder: string, markers: readonly string[]) {
  const left: { marker: string; file: string }[] = [];
  const wanted = markers.map(marker => ({
    marker,
    written: [
      Buffer.from(marker, 'utf8'),
      Buffer.from(marker, 'utf16le'),
      Buffer.from(marker, 'latin1'),
      Buffer.from(encodeURIComponent(marker), 'utf8'),
    ],
  }));
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const bytes = await readFile(join(entry.parentPath, entry.name));
    for (const { marker, written } of wanted)
      if (written.some(form => bytes.includes(form))) left.push({ marker, file: entry.name });
  }
  return left;
}
