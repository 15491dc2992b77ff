// `npm run kill [-- 200] [-- --seconds 60] [-- --naive 40]`: saves evaluations through the real screen in a browser that
// is killed again and again, and counts what was lost or came twice (SAFETY 1.4, CATALOGUE W04, W03, Q10).
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { findChromium } from '../chromium.ts';
import { naiveApp, realApp } from './built.ts';
import { createLedger, type Ledger } from './ledger.ts';
import { drain, live } from './life.ts';

const { values, positionals } = parseArgs({
  options: { naive: { type: 'boolean' }, seconds: { type: 'string' } },
  allowPositionals: true,
});
const MOST = Number(positionals[0] ?? 200);
const SECONDS = Number(values.seconds ?? Number.POSITIVE_INFINITY);

/**
 * Browsers side by side, each with a profile of its own: while one starts, another writes. Each on a patient of its own,
 * because two people who evaluate the same plan at once are told so, and that is for a person to settle.
 */
const WHOSE = ['user=u-psy&patient=p1', 'user=u-ger&patient=p2'];
/** Between looking whether something is there and putting it there: as real servers have it (hapi-fhir#3141). */
const RACE_MS = 20;
/** From the deed to its answer. */
const ANSWER_MS = 120;

async function main(): Promise<number> {
  process.env['CHROME_BIN'] = findChromium();
  const work = mkdtempSync(join(tmpdir(), 'sideplan-kill-'));
  const appDir = values.naive ? naiveApp(join(work, 'app')) : realApp();
  const sandbox = createSandbox({ port: 0, appPort: 0, appDir });
  await sandbox.listen();
  try {
    await makeSlow(sandbox);
    const ledger = createLedger();
    const profileOf = (whose: string) => join(work, whose.replaceAll(/\W/g, '-'));
    const kills = await killAgainAndAgain(sandbox, ledger, profileOf);
    let stuck = 0;
    for (const whose of WHOSE) {
      const waiting = await drain(sandbox, profileOf(whose), whose);
      if (waiting === undefined) continue;
      console.log(`${whose} is not drained: ${waiting}`);
      stuck += 1;
    }
    const verdict = report(sandbox, ledger, kills);
    // What still waits is neither lost nor here: the count proves nothing.
    return stuck > 0 ? 2 : verdict;
  } finally {
    await sandbox.close();
    rmSync(work, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

async function killAgainAndAgain(
  sandbox: Sandbox,
  ledger: Ledger,
  profileOf: (whose: string) => string,
) {
  const started = performance.now();
  const elapsed = () => (performance.now() - started) / 1000;
  let begun = 0;
  let kills = 0;
  async function oneAfterAnother(whose: string): Promise<void> {
    const profile = profileOf(whose);
    while (begun < MOST && elapsed() < SECONDS) {
      const life = begun;
      begun += 1;
      // Every other life of a profile has two tabs, which send from the same storage.
      const tabs = 1 + (Math.floor(life / WHOSE.length) % 2);
      await live({ sandbox, ledger, profile, whose, life, tabs });
      kills += 1;
      if (kills % 10 === 0) tell(kills, ledger);
    }
  }
  await Promise.all(WHOSE.map(oneAfterAnother));
  console.log(`${kills} kills in ${elapsed().toFixed(0)} s`);
  return kills;
}

function tell(kills: number, ledger: Ledger): void {
  const { pressed, promised } = ledger.counts();
  console.log(`${kills} kills, ${pressed} pressed, ${promised} «Lagret lokalt»`);
}

/** A killed browser has then often done what nobody told it of. */
async function makeSlow(sandbox: Sandbox): Promise<void> {
  await post(sandbox, '/ehr/server', { raceMs: RACE_MS });
  await post(sandbox, '/ehr/scenario', { match: '/^POST \\/fhir$/', afterMs: ANSWER_MS });
}

async function post(sandbox: Sandbox, path: string, body: unknown): Promise<void> {
  const answer = await fetch(sandbox.ehrOrigin + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
}

function report(sandbox: Sandbox, ledger: Ledger, kills: number): number {
  const { pressed, promised } = ledger.counts();
  const { lost, duplicated, torn, arrived } = ledger.verdict(sandbox);
  console.log(`kills       ${kills}`);
  console.log(`pressed     ${pressed}`);
  console.log(`promised    ${promised} («Lagret lokalt»)`);
  console.log(`arrived     ${arrived}`);
  console.log(`lost        ${lost.length} ${lost.join(' ')}`);
  console.log(`duplicated  ${duplicated.length} ${duplicated.join(' ')}`);
  console.log(`torn        ${torn.length} ${torn.join(' ')}`);
  if (promised === 0) {
    console.log('Nothing was saved, so nothing is proven.');
    return 2;
  }
  return lost.length + duplicated.length + torn.length > 0 ? 1 : 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  // 1 means that something was lost, doubled or torn; a trial that broke down has shown nothing of the kind.
  console.error(error);
  process.exitCode = 2;
}
