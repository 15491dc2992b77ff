import { setTimeout as pause } from 'node:timers/promises';
import { type BrowserContext, chromium, type Page } from '@playwright/test';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { fillIn } from '../journeys/fill.ts';
import { startChromium } from '../journeys/raw-chromium.ts';
import type { Ledger } from './ledger.ts';

interface Life {
  readonly sandbox: Sandbox;
  readonly ledger: Ledger;
  /** The profile directory: all that one browser leaves to the next. */
  readonly profile: string;
  /** Who is logged in, and on whom: `user=u-psy&patient=p1`. */
  readonly whose: string;
  readonly life: number;
  readonly tabs: number;
}

/** From the first press until the kill: at random, so that every moment of saving and sending is once the last. */
const LONGEST_MS = 700;
/** A browser that gets nowhere in this time is broken, and the trial with it. */
const PATIENCE_MS = 30_000;
const DRAINED_MS = 60_000;

/** Opens the panel, writes evaluations in every tab for as long as it lasts, and is killed at a moment of no choosing. */
export async function live({ sandbox, ledger, profile, whose, life, tabs }: Life): Promise<void> {
  const browser = await startChromium(profile);
  const is = { over: false };
  try {
    const context = await contextOf(browser.address);
    let begun: (() => void) | undefined;
    const pressing = new Promise<void>(resolve => {
      begun = resolve;
    });
    const writing = Array.from({ length: tabs }, async (_, tab) => {
      const page = await context.newPage();
      await page.goto(`${sandbox.ehrOrigin}/ehr/launch?${whose}`);
      await page.waitForSelector('#fane-planer');
      // What was written before is sent, or waits, beside what is written now.
      for (let nth = 0; !is.over; nth += 1) {
        const mark = `kill-${life}-${tab}-${nth}`;
        await inPage(page, fillIn, { said: mark, next: NEXT, until: 'review' });
        ledger.pressed(mark);
        begun?.();
        await inPage(page, pressAndSee, undefined);
        ledger.promised(mark);
      }
    });
    // They end when the browser does, each in the middle of something.
    const ended = Promise.all(writing.map(tab => tab.catch(sayWhy)));
    await Promise.race([pressing, ended, tooLate()]);
    await pause(Math.random() * LONGEST_MS);
    is.over = true;
    await browser.kill();
    await ended;
  } finally {
    is.over = true;
    await browser.kill();
  }

  function sayWhy(error: unknown) {
    if (!is.over) console.log(`life ${life}: ${String(error)}`);
  }
}

/** What runs TypeScript here gives functions their names by a helper, which a page does not have. */
const inPage = <Given>(page: Page, run: (given: Given) => Promise<void>, given: Given) =>
  page.evaluate(`(__name => (${String(run)})(${JSON.stringify(given)}))(named => named)`);

/** Inside the page: presses, and resolves as soon as the screen makes its promise. */
async function pressAndSee(): Promise<void> {
  document.querySelector<HTMLButtonElement>('.send-button[aria-disabled="false"]')?.click();
  for (let first = ''; !first.includes('Lagret lokalt'); ) {
    first = document.querySelector('.send-status [data-step="done"]')?.textContent ?? '';
    await new Promise(resolve => {
      setTimeout(resolve, 1);
    });
  }
}

const NEXT = '2027-01-14';

async function contextOf(address: string): Promise<BrowserContext> {
  const browser = await chromium.connectOverCDP(address);
  const [context] = browser.contexts();
  if (!context) throw new Error('the browser has no context');
  return context;
}

async function tooLate(): Promise<never> {
  await pause(PATIENCE_MS, undefined, { ref: false });
  throw new Error('Nothing was pressed: the form did not come');
}

/** The same person opens the panel once more, does nothing, and waits until nothing waits; else says what still does. */
export async function drain(
  sandbox: Sandbox,
  profile: string,
  whose: string,
): Promise<string | undefined> {
  const browser = await startChromium(profile);
  try {
    const context = await contextOf(browser.address);
    const page = await context.newPage();
    await page.goto(`${sandbox.ehrOrigin}/ehr/launch?${whose}`);
    const until = Date.now() + DRAINED_MS;
    for (let quiet = 0; quiet < 3; ) {
      if (Date.now() > until) return await waiting(page);
      quiet = (await isQuiet(page)) ? quiet + 1 : 0;
      await pause(500);
    }
    return undefined;
  } finally {
    await browser.kill();
  }
}

/** The rooms have come, and nothing in the tray is on its way. */
async function isQuiet(page: Page): Promise<boolean> {
  const rooms = await page.locator('#ny-evaluering[aria-disabled="false"]').count();
  const waits = await page.locator('[data-outbox-state]:not([data-outbox-state="acked"])').count();
  return rooms > 0 && waits === 0;
}

/** What the tray says, and of what needs somebody, why. */
async function waiting(page: Page): Promise<string> {
  const said = await page
    .locator(
      '.tray-own > summary, .tray-own > ul > [data-outbox-state="needs-human"] > :is(.send-facts, .send-says)',
    )
    .allTextContents();
  return said.join(' | ') || 'the tray is not there';
}
