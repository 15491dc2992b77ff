import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { chromium, type Page } from '@playwright/test';
import type { Sandbox } from '../src/sandbox/sandbox.ts';
import { configured, load, openBrowser, sidePanel } from '../test/journeys/extension.ts';
import { buildSideplan } from './bed.ts';
import { optionsFor } from './browser.ts';
import { medianOf } from './median.ts';
import type { Results } from './results.ts';

const PRESSES = 20;
/** The first find nothing read, compiled or remembered. */
const UNMEASURED = 4;
/** The panel is at rest, open or closed. */
const AT_REST_MS = 1000;

/**
 * From a press on the extension's icon until its genuine side panel has painted something, and until it has words. The
 * floor is a panel of one line, without script or style: what the browser itself needs.
 */
export async function measurePanel(sandbox: Sandbox): Promise<Results['panel']> {
  // With this Playwright reports the genuine side panel as a page.
  process.env['PW_CHROMIUM_ATTACH_TO_OTHER'] = '1';
  const folder = await mkdtemp(join(tmpdir(), 'sideplan-bench-'));
  const built = join(folder, 'built');
  await buildSideplan(built, 'extension');
  await configured(join(folder, 'sideplan'), sandbox, true, {}, built);
  await cp(fileURLToPath(new URL('floor/panel', import.meta.url)), join(folder, 'floor'), {
    recursive: true,
  });
  const presses = {
    floor: await pressed(folder, 'floor', sandbox),
    sideplan: await pressed(folder, 'sideplan', sandbox),
  };
  await rm(folder, { recursive: true, force: true });
  const row = {
    presses: PRESSES,
    firstMs: medianOf(presses.sideplan, ({ first }) => first),
    wordsMs: medianOf(presses.sideplan, ({ words }) => words),
    floorFirstMs: medianOf(presses.floor, ({ first }) => first),
  };
  console.log(JSON.stringify(row));
  return row;
}

/** Milliseconds since the press. */
interface Seen {
  readonly first: number;
  readonly words: number;
}

async function pressed(folder: string, side: string, sandbox: Sandbox): Promise<readonly Seen[]> {
  const rules = 'MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1';
  const profile = join(folder, `profile-${side}`);
  const context = await openBrowser({ chromium }, profile, optionsFor(rules), 'nb-NO');
  const id = await load(context, join(folder, side));
  const tab = await context.newPage();
  await tab.goto(`${sandbox.ehrOrigin}/`);
  const seen: Seen[] = [];
  for (let press = 0; press < UNMEASURED + PRESSES; press += 1) {
    await setTimeout(AT_REST_MS);
    const at = performance.timeOrigin + performance.now();
    const panel = await sidePanel(context, id, tab);
    await setTimeout(AT_REST_MS);
    const { first, words } = await paintsOf(panel);
    seen.push({ first: first - at, words: words - at });
    await panel.close();
  }
  await context.close();
  return seen.slice(UNMEASURED);
}

/** The browser's own word for it (Paint Timing), on the machine's clock. */
const paintsOf = (panel: Page) =>
  panel.evaluate(() => {
    const [first, words] = ['first-paint', 'first-contentful-paint'].map(
      name =>
        performance.timeOrigin + (performance.getEntriesByName(name)[0]?.startTime ?? Number.NaN),
    );
    if (first === undefined || words === undefined) throw new Error('nothing was painted');
    return { first, words };
  });
