import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { BrowserContext, CDPSession, Frame, Page } from '@playwright/test';
import type { Sandbox } from '../src/sandbox/sandbox.ts';
import { type Exchange, hangUp, type Wire } from './delay-proxy.ts';

/** What one launch showed, and when: milliseconds from the click in the EHR. Undefined: it was not painted. */
export interface Launch {
  /** Anything at all: the places where things will stand, whose words come only if it takes long (SCREENS, «Loading»). */
  readonly first: number | undefined;
  readonly contacts: number | undefined;
  readonly plan: number | undefined;
  readonly critical: number | undefined;
  readonly medication: number | undefined;
  /** The last byte of the last answer: every source has said what it has. */
  readonly sources: number;
  /** The longest task on the way to contacts; 0 where none was over 50 ms, below which a browser reports nothing. */
  readonly longTask: number;
  /** The longest task of all. */
  readonly longTaskAfter: number;
  /** JS heap in use after a collection, bytes. */
  readonly heap: number;
  readonly exchanges: readonly Exchange[];
  /** When contacts were painted on the clock of `exchanges`. */
  readonly contactsAt: number;
}

export interface Wanted {
  readonly patient?: string;
  /** How many times slower than this machine. */
  readonly cpu: number;
  /** Nothing on the wire for so long means that all has come. */
  readonly quietMs: number;
  /** Done in the frame when all has come, before the heap is measured. */
  readonly afterwards?: (frame: Frame) => Promise<void>;
}

interface Seen {
  readonly origin: number;
  readonly painted: Readonly<Record<string, number>>;
  readonly marked: Readonly<Record<string, number>>;
  readonly first: number | undefined;
  readonly longTasks: readonly { readonly start: number; readonly ms: number }[];
}

/** In every page before its own code: an ear for what the browser says of its own work. */
export async function listenIn(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const painted: Record<string, number> = {};
    const longTasks: { start: number; ms: number }[] = [];
    new PerformanceObserver(list => {
      for (const entry of list.getEntries())
        if ('identifier' in entry) painted[String(entry.identifier)] ??= entry.startTime;
    }).observe({ type: 'element', buffered: true });
    new PerformanceObserver(list => {
      for (const { startTime, duration } of list.getEntries())
        longTasks.push({ start: startTime, ms: duration });
    }).observe({ type: 'longtask', buffered: true });
    Object.assign(globalThis, { __seen: { painted, longTasks } });
  });
}

/** Somewhere in the EHR, with nothing on it: the page the sidebar's frame is put into. */
const DESK = '/ehr/server';

/** One launch in a frame of the EHR's page, from the click until the wire is quiet. */
export async function launchOnce(
  page: Page,
  sandbox: Sandbox,
  wire: Wire,
  wanted: Wanted,
): Promise<Launch> {
  await page.goto(sandbox.ehrOrigin + DESK);
  const handle = await fetch(
    `${sandbox.ehrOrigin}/ehr/launch?user=u-lv&patient=${wanted.patient ?? 'p1'}`,
    { headers: { accept: 'application/json' } },
  );
  const { url } = (await handle.json()) as { url: string };
  hangUp(wire);
  sweep();
  await noticed();
  wire.exchanges = [];
  const arrived = page.waitForEvent('framenavigated', {
    predicate: frame => frame.url().startsWith(`${sandbox.appOrigin}/launch.html`),
  });
  const clicked = performance.timeOrigin + performance.now();
  const click = page.evaluate(address => {
    const frame = document.createElement('iframe');
    frame.style.cssText = 'width:360px;height:640px';
    document.body.replaceChildren(frame);
    const at = performance.timeOrigin + performance.now();
    frame.src = address;
    return at;
  }, url);
  const frame = await arrived;
  const slow = wanted.cpu > 1 ? await slowed(page, frame, wanted.cpu) : undefined;
  const at = await click;
  // Nothing is asked of the page while it works: the answer would be work of its own, on the same thread.
  await quiet(wire, wanted.quietMs);
  await frame.waitForFunction(() => 'contacts' in Reflect.get(globalThis, '__seen').painted, null, {
    polling: 250,
  });
  await quiet(wire, wanted.quietMs);
  const exchanges = [...wire.exchanges];
  const seen = await seenIn(frame);
  await wanted.afterwards?.(frame);
  const tools = slow ?? (await page.context().newCDPSession(frame));
  await tools.send('HeapProfiler.collectGarbage');
  const { usedSize } = await tools.send('Runtime.getHeapUsage');
  await tools.detach();
  // A sidebar left open would find its connections gone at the next launch and open them again, in the middle of the other's.
  await page.goto(sandbox.ehrOrigin + DESK);
  const since = (ms: number | undefined) => (ms === undefined ? undefined : seen.origin + ms - at);
  const contacts = since(seen.painted['contacts']);
  // The browser's clock and ours are both the machine's; the click is the same moment on either.
  const clickHere = clicked - performance.timeOrigin + (at - clicked);
  const last = Math.max(...exchanges.map(({ end }) => end));
  const long = seen.longTasks.map(({ start, ms }) => ({ at: seen.origin + start - at, ms }));
  const longest = (tasks: typeof long) => Math.max(0, ...tasks.map(({ ms }) => ms));
  return {
    first: since(seen.first),
    contacts,
    plan: since(seen.painted['plan']),
    // Its line is there from the start, first to say that it is being fetched; the mark waits for what was fetched.
    critical: since(seen.marked['sideplan:critical']),
    medication: since(seen.marked['sideplan:medication']),
    sources: last - clickHere,
    longTask: longest(long.filter(task => task.at < (contacts ?? 0))),
    longTaskAfter: longest(long),
    heap: usedSize,
    exchanges,
    contactsAt: clickHere + (contacts ?? 0),
  };
}

setFlagsFromString('--expose-gc');
/** The servers are in this process: what they have left lying from large answers is not swept in the middle of a launch. */
const sweep = runInNewContext('gc') as () => void;

/** A browser finds out by itself that a connection is gone, and takes a moment to. */
const noticed = () =>
  new Promise(resolve => {
    setTimeout(resolve, 100);
  });

/** A frame of another site has a process, and so a throttle, of its own; it is set before its scripts arrive. */
async function slowed(page: Page, frame: Frame, cpu: number): Promise<CDPSession> {
  const tools = await page.context().newCDPSession(frame);
  await tools.send('Emulation.setCPUThrottlingRate', { rate: cpu });
  return tools;
}

async function quiet(wire: Wire, ms: number): Promise<void> {
  for (;;) {
    const last = Math.max(0, ...wire.exchanges.map(({ end, start }) => Math.max(end, start)));
    const left = last + ms - performance.now();
    if (left <= 0) return;
    await new Promise(resolve => {
      setTimeout(resolve, left);
    });
  }
}

function seenIn(frame: Frame): Promise<Seen> {
  return frame.evaluate(() => ({
    origin: performance.timeOrigin,
    first: performance.getEntriesByName('first-paint')[0]?.startTime,
    marked: Object.fromEntries(
      performance.getEntriesByType('mark').map(({ name, startTime }) => [name, startTime]),
    ),
    ...(Reflect.get(globalThis, '__seen') as Pick<Seen, 'painted' | 'longTasks'>),
  }));
}
