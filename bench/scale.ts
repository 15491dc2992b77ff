import type { Browser, Frame } from '@playwright/test';
import type { Bed, Side } from './bed.ts';
import { type Launch, launchOnce, listenIn } from './launch-once.ts';
import { median, medianOf } from './median.ts';
import { records } from './records.ts';
import type { ScaleRow } from './results.ts';

/** What Sideplan asks for at a time. A server may give fewer, and must not give more (R4, search, «_count»). */
const ASKED = 200;
/** The most the sandbox gives. */
const MOST = 1000;
const RUNS = 3;
const QUIET_MS = 2500;

/**
 * One patient whose record grows, read at RTT 0 and this machine's speed. The small pages are left out where they would
 * be thousands.
 */
export async function measureScale(
  browser: Browser,
  bed: Bed,
  sizes: readonly number[],
): Promise<ScaleRow[]> {
  const rows: ScaleRow[] = [];
  bed.wire.rttMs = 0;
  let loaded = 0;
  for (const resources of sizes.toSorted((a, b) => a - b)) {
    for (const sandbox of Object.values(bed.sandboxes))
      sandbox.store.load(records(loaded, resources));
    loaded = resources;
    for (const pageSize of resources > 10_000 ? [ASKED] : [20, ASKED, MOST]) {
      const row = await cell(browser, bed, resources, pageSize);
      console.log(JSON.stringify(row));
      rows.push(row);
    }
  }
  return rows;
}

/** Both pages in turn: one launch alone is as long as whatever else the machine does just then. */
async function cell(
  browser: Browser,
  bed: Bed,
  resources: number,
  pageSize: number,
): Promise<ScaleRow> {
  const seen: { floor: Launch[]; sideplan: Launch[] } = { floor: [], sideplan: [] };
  const slowFrames: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    seen.floor.push(await launch(browser, bed, 'floor', pageSize));
    seen.sideplan.push(
      await launch(browser, bed, 'sideplan', pageSize, async frame => {
        slowFrames.push(await scrolled(frame));
      }),
    );
  }
  const { floor, sideplan } = seen;
  return {
    resources,
    pageSize,
    contactsMs: medianOf(sideplan, one => one.contacts) ?? Number.NaN,
    floorContactsMs: medianOf(floor, one => one.contacts) ?? Number.NaN,
    sourcesMs: medianOf(sideplan, one => one.sources),
    longTaskMs: medianOf(sideplan, one => one.longTaskAfter),
    heapBytes: medianOf(sideplan, one => one.heap),
    slowFrames: median(slowFrames),
  };
}

/** The second launch of a browser profile: the first fetches the code, and a third would sweep up after the second. */
async function launch(
  browser: Browser,
  bed: Bed,
  side: Side,
  pageSize: number,
  afterwards?: (frame: Frame) => Promise<void>,
): Promise<Launch> {
  const context = await browser.newContext({ locale: 'nb-NO', timezoneId: 'Europe/Oslo' });
  await listenIn(context);
  const page = await context.newPage();
  const wanted = { cpu: 1, quietMs: QUIET_MS };
  await launchOnce(page, bed.sandboxes[side], bed.wire, wanted);
  // The server is one for everybody, so it is the page that asks for more or fewer at a time.
  await context.addInitScript(
    ([asked, wished]) => {
      const real = globalThis.fetch;
      const count = (text: string) => text.replaceAll(`_count=${asked}`, `_count=${wished}`);
      globalThis.fetch = async (input, init) => {
        const request = new Request(input, init);
        const { method, headers, signal } = request;
        const text = method === 'POST' ? count(await request.text()) : undefined;
        return real(count(request.url), {
          method,
          headers,
          signal,
          ...(text === undefined ? {} : { body: text }),
        });
      };
    },
    [ASKED, pageSize] as const,
  );
  const launched = await launchOnce(page, bed.sandboxes[side], bed.wire, {
    ...wanted,
    patient: 'p6',
    ...(afterwards ? { afterwards } : {}),
  });
  await context.close();
  return launched;
}

/** «Kilder» from top to bottom, a screen's half at a time: how many frames took over 50 ms. */
async function scrolled(frame: Frame): Promise<number> {
  await frame.getByRole('tab', { name: /Kilder/ }).click();
  return frame.evaluate(async () => {
    const tall = [...document.querySelectorAll('*'), document.documentElement].filter(
      one => one.scrollHeight > one.clientHeight + 100,
    );
    const frames: number[] = [];
    let last = performance.now();
    for (let step = 0; step < 240; step += 1) {
      await new Promise(requestAnimationFrame);
      const now = performance.now();
      frames.push(now - last);
      last = now;
      for (const one of tall) one.scrollTop += 320;
    }
    return frames.slice(1).filter(ms => ms > 50).length;
  });
}
