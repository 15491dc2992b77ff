// `npm run bench`: how long a launch takes, and how much of that is ours (docs/performance.md).
import { parseArgs } from 'node:util';
import { makeBed } from './bed.ts';
import { startBrowser } from './browser.ts';
import { goalsIn, saidOf } from './goals.ts';
import { compare, type Setting } from './launches.ts';
import { measurePanel } from './panel.ts';
import { writeReport } from './report.ts';
import { type LaunchCell, readResults, thisMachine, withCells, writeResults } from './results.ts';
import { measureScale } from './scale.ts';
import { spent, stolenBetween } from './stolen.ts';
import { measureSwitches } from './switches.ts';

const { values } = parseArgs({
  options: {
    /** Two distances, this machine's speed, three runs, and nothing else. */
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true },
    rtt: { type: 'string' },
    cpu: { type: 'string' },
    cache: { type: 'string' },
    runs: { type: 'string' },
    resources: { type: 'string', default: '100,1000,10000,50000' },
    switches: { type: 'string', default: '500' },
  },
});
const numbers = (text: string) => text.split(',').map(Number);
const wanted = new Set(
  values.only ?? (values.quick ? ['launches'] : ['launches', 'panel', 'scale', 'switches']),
);
const runs = Number(values.runs ?? (values.quick ? 3 : 5));
const settings: Setting[] = numbers(values.cpu ?? (values.quick ? '1' : '1,4')).flatMap(cpu =>
  numbers(values.rtt ?? (values.quick ? '0,60' : '0,20,60,150,400')).flatMap(rttMs =>
    (['cold', 'warm'] as const)
      .filter(cache => values.cache === undefined || values.cache === cache)
      .map(cache => ({ rttMs, cpu, cache })),
  ),
);

let results = await readResults();
const before = await spent();
const version = await measure();
const stolen = stolenBetween(before, await spent());
results = { ...results, machine: thisMachine(version, stolen) };
const goals = goalsIn(results);
for (const one of goals)
  console.log(`${one.goal}: ${saidOf(one)}, at most ${one.most} ${one.unit}`);
// A part of the bench is a look at one thing; only a whole run is a round.
const whole = process.argv.length === 2;
const round = Object.fromEntries(goals.map(one => [one.goal, saidOf(one)]));
if (whole) results = { ...results, rounds: [...results.rounds, round].slice(-3) };
await writeResults(results);
await writeReport(results);

async function measure(): Promise<string> {
  const bed = await makeBed();
  const browser = await startBrowser(bed.resolverRules);
  try {
    if (wanted.has('launches')) {
      const cells: LaunchCell[] = [];
      for (const setting of settings) {
        const cell = await compare(browser, bed, setting, runs);
        cells.push(cell);
        console.log(said(cell));
      }
      results = { ...results, launches: [...withCells(results.launches, cells)] };
    }
    if (wanted.has('panel'))
      results = { ...results, panel: await measurePanel(bed.sandboxes.sideplan) };
    if (wanted.has('scale'))
      results = { ...results, scale: await measureScale(browser, bed, numbers(values.resources)) };
    if (wanted.has('switches'))
      results = { ...results, switches: await measureSwitches(bed, Number(values.switches)) };
    return browser.version();
  } finally {
    await browser.close();
    await bed.close();
  }
}

function ms(value: number | undefined): string {
  return `${Math.round(value ?? Number.NaN)} ms`.padStart(8);
}

function said({ rttMs, cpu, cache, ratio, sideplan, floor }: LaunchCell): string {
  return [
    `${cache} RTT ${String(rttMs).padStart(3)} CPU ${cpu}x`,
    `first ${ms(sideplan.firstMs)}, contacts ${ms(sideplan.contactsMs)}, floor ${ms(floor.contactsMs)}, ratio ${ratio.toFixed(2)}, least ${ms(sideplan.contactsLeastMs)} / ${ms(floor.contactsLeastMs)}`,
    `critical ${ms(sideplan.criticalMs)}, medication ${ms(sideplan.medicationMs)}, all ${ms(sideplan.sourcesMs)}`,
    `long task ${ms(sideplan.longTaskMs)}`,
    `requests ${sideplan.requestsToContacts} (${floor.requestsToContacts}), waves ${sideplan.wavesToContacts} (${floor.wavesToContacts})`,
  ].join(' | ');
}
