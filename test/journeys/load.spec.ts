// Much of everything: many plans, much code, many changes of patient. No clock is read (CATALOGUE P02, P04, P05).
import { gzipSync } from 'node:zlib';
import type { CDPSession, Page } from '@playwright/test';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { openAlone, openEhr, withoutFurtherSources } from './ehr.ts';
import { MAJA, PLAN } from './evaluating.ts';
import { expect, test } from './sandbox.ts';

test('P02 200-plans: what holds now comes first, and the keys lead to every one of two hundred', async ({
  page,
  context,
  sandbox,
}) => {
  test.slow();
  const old = Array.from({ length: 200 }, (_, nth) => oldPlan(sandbox, nth));
  sandbox.store.load(old);
  await withoutFurtherSources(page);
  await openAlone(page, sandbox, MAJA);
  await page.getByRole('tab', { name: 'Planer' }).click();
  const fold = page.getByText('Gjelder ikke nå (200)');
  await expect(fold).toBeVisible();
  // The plans' details come later, and are drawn into the same rows.
  await page.waitForLoadState('networkidle');
  const rows = page.locator('.panel-planer .plan-row h3');
  const names = await rows.allTextContents();
  const isOld = names.map(name => name.includes('ikke i kraft'));
  expect(isOld.filter(Boolean)).toHaveLength(200);
  expect(isOld.slice(0, names.length - 200)).not.toContain(true);

  await fold.focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('details[open] > summary').and(fold)).toBeVisible();
  await page.evaluate(() => {
    const focused: string[] = [];
    addEventListener('focusin', ({ target }) => focused.push((target as Element).id));
    Object.assign(globalThis, { focused });
  });
  const links = await rows
    .locator('a[id^="plan-"]')
    .evaluateAll(all => all.map(link => ({ id: link.id, there: link.checkVisibility() })));
  expect(links.every(({ there }) => there)).toBe(true);
  const wanted = links.slice(-200).map(({ id }) => id);
  const seen = new Set<string>();
  const tools = await context.newCDPSession(page);
  // Each row may have more than its plan to stop at. Without Playwright's own keyboard, which takes a picture of each press.
  for (let presses = 0; !seen.has(wanted.at(-1) ?? '') && presses < 1500; presses += 50) {
    for (let nth = 0; nth < 50; nth += 1) await pressTab(tools);
    for (const id of await page.evaluate(() => Reflect.get(globalThis, 'focused') as string[]))
      seen.add(id);
  }
  expect(wanted.filter(id => !seen.has(id))).toEqual([]);

  await page.locator(`[id="${wanted.at(-1)}"]`).focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('.plan-page')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.locator(`[id="${wanted.at(-1)}"]`)).toBeFocused();
});

test('P01 10k: a list that comes a piece at a time comes whole: each of twelve hundred documents has its row', async ({
  page,
  sandbox,
}) => {
  const documents = Array.from({ length: 1200 }, (_, nth) => ({
    resourceType: 'DocumentReference',
    id: `notat-${nth}`,
    status: 'current',
    subject: { reference: 'Patient/p6' },
    date: '2026-11-01T10:00:00+01:00',
    description: `Notat ${nth}`,
    content: [{ attachment: { contentType: 'text/plain', data: 'UmluZw==' } }],
  }));
  sandbox.store.load(documents);
  await openAlone(page, sandbox, { user: 'u-lv', patient: 'p6' });
  const rows = page.locator(
    '[data-section="documents"] [data-item-id^="DocumentReference/notat-"]',
  );
  await expect(rows).toHaveCount(1200, { timeout: 20_000 });
});

test('P04 cold-start: of the code, whom to call needs no more than 120 kB on the wire', async ({
  page,
  sandbox,
}) => {
  const code = new Set<string>();
  page.on('response', answer => {
    if (answer.url().endsWith('.js')) code.add(answer.url());
  });
  // What else there is to see may wait for ever.
  await page.route(/\/assets\/(?:other-rooms|beside|further)-.*\.js$/, () => undefined);
  const panel = await openEhr(page, sandbox);
  const contacts = panel.locator('[data-section="contacts"]');
  await expect(contacts).toHaveAttribute('data-state', 'present', { timeout: 20_000 });
  await expect(contacts.locator('[data-item-id]').first()).toContainText('+47');
  // Asked for once more: what a frame that is gone was given, the browser may have let go of.
  const sizes = await Promise.all(
    [...code].map(async address => gzipSync(await (await fetch(address)).arrayBuffer()).length),
  );
  const total = sizes.reduce((sum, size) => sum + size, 0);
  expect(total, 'Sideplan’s own scripts are counted').toBeGreaterThan(30_000);
  expect(total).toBeLessThanOrEqual(120_000);
});

test('P05 soak: forty changes of patient leave no more ears, clocks and channels behind than six', async ({
  page,
  context,
  sandbox,
}) => {
  test.slow();
  await page.addInitScript(countOpen);
  await openAlone(page, sandbox, { user: 'u-lv', patient: 'p1' });
  await expect(page.locator('[data-section="medication"]')).toHaveAttribute(
    'data-state',
    'present',
  );
  const tools = await context.newCDPSession(page);
  const left = async () => {
    await tools.send('HeapProfiler.collectGarbage');
    const { jsEventListeners } = await tools.send('Memory.getDOMCounters');
    const open = await page.evaluate(() => Reflect.get(globalThis, '__open') as Open);
    return { ears: jsEventListeners, ...open };
  };
  // The page that was left last may still be lying about, so three counts are compared with three.
  const three = async () => {
    const counts = [];
    for (let nth = 0; nth < 3; nth += 1) {
      await switches(page, sandbox, 2);
      counts.push(await settled(left));
    }
    return counts;
  };
  const early = await three();
  await switches(page, sandbox, 28);
  const late = await three();
  const least = Math.min(...late.map(({ ears }) => ears));
  expect(least).toBeLessThanOrEqual(Math.max(...early.map(({ ears }) => ears)));
  expect(late.map(runningIn)).toEqual(early.map(runningIn));
});

interface Open {
  readonly clocks: number;
  readonly channels: number;
  readonly sockets: number;
}

const runningIn = ({ clocks, channels, sockets }: Open) => ({ clocks, channels, sockets });

/** A plan that has ended, like the one that holds, with nothing by which the two could be taken for one. */
function oldPlan(sandbox: Sandbox, nth: number) {
  const plan = sandbox.store.at(PLAN);
  if (!plan) throw new Error(`no ${PLAN}`);
  const { identifier: _, replaces: __, ...rest } = structuredClone(plan);
  return { ...rest, id: `gammel-${nth}`, status: 'completed', title: `Gammel plan ${nth}` };
}

async function pressTab(tools: CDPSession): Promise<void> {
  const key = { key: 'Tab', code: 'Tab', windowsVirtualKeyCode: 9 };
  await tools.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...key });
  await tools.send('Input.dispatchKeyEvent', { type: 'keyUp', ...key });
}

/** The journal goes to somebody else and comes back: each is one change. */
async function switches(page: Page, sandbox: Sandbox, count: number): Promise<void> {
  for (let nth = 0; nth < count; nth += 1) {
    const away = nth % 2 === 0;
    await fetch(`${sandbox.ehrOrigin}/ehr/context`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user: 'u-lv', patient: away ? 'p2' : 'p1' }),
    });
    if (away) await expect(page.locator('html')).toHaveAttribute('data-context', '');
    else
      await expect(page.locator('[data-section="medication"]')).toHaveAttribute(
        'data-state',
        'present',
      );
  }
}

/** What a count comes to when nothing more happens: the same four times in a row. */
async function settled<T>(count: () => Promise<T>): Promise<T> {
  let last = await count();
  for (let same = 1; same < 4; ) {
    await new Promise(resolve => {
      setTimeout(resolve, 500);
    });
    const now = await count();
    same = JSON.stringify(now) === JSON.stringify(last) ? same + 1 : 1;
    last = now;
  }
  return last;
}

/** In the page, before its own code: how many clocks, channels and sockets are running. */
function countOpen() {
  const open = { clocks: 0, channels: 0, sockets: 0 };
  Object.assign(globalThis, { __open: open });
  const running = new Set<number>();
  const { setInterval: begin, clearInterval: end } = globalThis;
  const count = () => {
    open.clocks = running.size;
  };
  globalThis.setInterval = ((...asked: Parameters<typeof setInterval>) => {
    const id = Number(begin(...asked));
    running.add(id);
    count();
    return id;
  }) as typeof setInterval;
  globalThis.clearInterval = id => {
    end(id);
    running.delete(Number(id));
    count();
  };
  globalThis.BroadcastChannel = class extends BroadcastChannel {
    constructor(name: string) {
      super(name);
      open.channels += 1;
    }
    override close() {
      super.close();
      open.channels -= 1;
    }
  };
  globalThis.WebSocket = class extends WebSocket {
    constructor(...asked: ConstructorParameters<typeof WebSocket>) {
      super(...asked);
      open.sockets += 1;
      this.addEventListener('close', () => {
        open.sockets -= 1;
      });
    }
  };
}
