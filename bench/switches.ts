import { setTimeout } from 'node:timers/promises';
import type { Bed } from './bed.ts';
import { startBrowser } from './browser.ts';
import { launchOnce, listenIn } from './launch-once.ts';
import type { Results } from './results.ts';

const EVERY = 100;
/** A question's signal lives as long as its patience; then nothing of it is left to be counted. */
const FORGOTTEN_MS = 31_000;
/**
 * V8 compiles what runs often, better and better, and keeps that on the same heap: about 1 MB in five hundred switches, in
 * which a leak could hide. Without its compilers, and with what they would want to know set aside from the start, the
 * heap is what Sideplan holds.
 */
const UNCOMPILED = '--js-flags=--no-sparkplug --no-maglev --no-opt --no-lazy-feedback-allocation';

/**
 * The EHR goes to another patient and back, over and over, in front of one sidebar: each time it empties its screen, and
 * each time back it reads everything anew. What is left behind would be seen as growth.
 */
export async function measureSwitches(bed: Bed, count: number): Promise<Results['switches']> {
  const sandbox = bed.sandboxes.sideplan;
  bed.wire.rttMs = 0;
  const browser = await startBrowser(bed.resolverRules, UNCOMPILED);
  const context = await browser.newContext({ locale: 'nb-NO', timezoneId: 'Europe/Oslo' });
  await listenIn(context);
  const page = await context.newPage();
  const rows: Results['switches'] = [];
  const show = (patient: string) =>
    fetch(`${sandbox.ehrOrigin}/ehr/context`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user: 'u-lv', patient }),
    });
  await launchOnce(page, sandbox, bed.wire, {
    cpu: 1,
    quietMs: 1500,
    async afterwards(frame) {
      const tools = await context.newCDPSession(frame);
      const measure = async (after: number) => {
        await setTimeout(FORGOTTEN_MS);
        await tools.send('HeapProfiler.collectGarbage');
        const { usedSize } = await tools.send('Runtime.getHeapUsage');
        const { jsEventListeners } = await tools.send('Memory.getDOMCounters');
        const row = { count: after, heapBytes: usedSize, listeners: jsEventListeners };
        console.log(JSON.stringify(row));
        rows.push(row);
      };
      await measure(0);
      for (let done = 0; done < count; ) {
        await show('p2');
        await frame.locator('html[data-context=""]').waitFor();
        await show('p1');
        await frame.locator('[data-section="contacts"][data-state="present"]').waitFor();
        done += 2;
        if (done % EVERY === 0) await measure(done);
      }
    },
  });
  await browser.close();
  return rows;
}
