import type { Browser, BrowserContext, Page } from '@playwright/test';
import type { Bed, Side } from './bed.ts';
import { bytesByKind, wavesIn } from './exchanges.ts';
import { type Launch, launchOnce, listenIn } from './launch-once.ts';
import { median, medianOf } from './median.ts';
import type { LaunchCell, LaunchFigures } from './results.ts';

export interface Setting {
  readonly rttMs: number;
  readonly cpu: number;
  /** Cold: a browser profile that has never been here. Warm: the third launch and on, with the code in the cache. */
  readonly cache: 'cold' | 'warm';
}

interface Pair {
  readonly sideplan: Launch;
  readonly floor: Launch;
}

/** Both pages in turn, `runs` times, each pair within seconds, so that a busy machine is busy for both. */
export async function compare(
  browser: Browser,
  bed: Bed,
  setting: Setting,
  runs: number,
): Promise<LaunchCell> {
  bed.wire.rttMs = setting.rttMs;
  const pairs: Pair[] = [];
  const launch =
    setting.cache === 'cold' ? cold(browser, bed, setting) : await warm(browser, bed, setting);
  for (let run = 0; run < runs; run += 1) {
    const floorFirst = run % 2 === 0;
    const first = await launch.of(floorFirst ? 'floor' : 'sideplan');
    const second = await launch.of(floorFirst ? 'sideplan' : 'floor');
    pairs.push(
      floorFirst ? { floor: first, sideplan: second } : { floor: second, sideplan: first },
    );
  }
  await launch.close();
  return {
    ...setting,
    runs,
    ratio: median(pairs.map(({ sideplan, floor }) => contactsIn(sideplan) / contactsIn(floor))),
    sideplan: figuresOf(pairs.map(({ sideplan }) => sideplan)),
    floor: figuresOf(pairs.map(({ floor }) => floor)),
  };
}

function contactsIn({ contacts }: Launch): number {
  if (contacts === undefined) throw new Error('nobody to call was painted');
  return contacts;
}

interface Launching {
  readonly of: (side: Side) => Promise<Launch>;
  readonly close: () => Promise<void>;
}

async function fresh(browser: Browser): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({ locale: 'nb-NO', timezoneId: 'Europe/Oslo' });
  await listenIn(context);
  return { context, page: await context.newPage() };
}

const launchIn = (bed: Bed, page: Page, side: Side, { cpu, rttMs }: Setting) =>
  launchOnce(page, bed.sandboxes[side], bed.wire, { cpu, quietMs: 700 + 2 * rttMs + 200 * cpu });

function cold(browser: Browser, bed: Bed, setting: Setting): Launching {
  return {
    async of(side) {
      const { context, page } = await fresh(browser);
      const launch = await launchIn(bed, page, side, setting);
      await context.close();
      return launch;
    },
    close: async () => undefined,
  };
}

async function warm(browser: Browser, bed: Bed, setting: Setting): Promise<Launching> {
  const places = { sideplan: await fresh(browser), floor: await fresh(browser) };
  // V8 keeps what it compiled from the second time on. Near and fast, as only the cache is meant.
  bed.wire.rttMs = 0;
  for (const side of ['floor', 'sideplan'] as const)
    for (let time = 0; time < 2; time += 1)
      await launchIn(bed, places[side].page, side, { ...setting, rttMs: 0, cpu: 1 });
  bed.wire.rttMs = setting.rttMs;
  return {
    of: side => launchIn(bed, places[side].page, side, setting),
    async close() {
      for (const { context } of Object.values(places)) await context.close();
    },
  };
}

const toContacts = ({ exchanges, contactsAt }: Launch) =>
  exchanges.filter(({ end }) => end <= contactsAt);

function figuresOf(launches: readonly Launch[]): LaunchFigures {
  const [first] = launches;
  if (!first) throw new Error('no runs');
  return {
    firstMs: medianOf(launches, ({ first: painted }) => painted),
    contactsMs: medianOf(launches, contactsIn),
    contactsLeastMs: Math.min(...launches.map(contactsIn)),
    criticalMs: medianOf(launches, ({ critical }) => critical),
    medicationMs: medianOf(launches, ({ medication }) => medication),
    sourcesMs: medianOf(launches, ({ sources }) => sources),
    longTaskMs: medianOf(launches, ({ longTask }) => longTask),
    longTaskAfterMs: medianOf(launches, ({ longTaskAfter }) => longTaskAfter),
    heapBytes: medianOf(launches, ({ heap }) => heap),
    requestsToContacts: medianOf(launches, launch => toContacts(launch).length),
    wavesToContacts: medianOf(launches, launch => wavesIn(toContacts(launch))),
    requests: medianOf(launches, ({ exchanges }) => exchanges.length),
    bytes: bytesByKind(first.exchanges),
  };
}
