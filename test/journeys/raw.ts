// A Chromium nobody has tuned: started by ourselves with its own profile, storage partitioning on, and stopped for good.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext } from '@playwright/test';
import { startChromium } from './raw-chromium.ts';
import { test as base } from './sandbox.ts';

interface Fixtures {
  raw: Raw;
}

interface Raw {
  /** The profile directory, made for this test and removed after it. */
  readonly profile: string;
  readonly address: string;
  readonly ended: Promise<unknown>;
}

/**
 * Playwright's own switches turn storage partitioning off and change what is written to disk (SAFETY D12, Appendix C).
 * `page` and `context` are here those of a browser started without them.
 */
export const test = base.extend<Fixtures>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads what a fixture needs from the pattern
  raw: async ({}, use) => {
    const profile = await mkdtemp(join(tmpdir(), 'sideplan-profile-'));
    const browser = await startChromium(profile);
    try {
      await use({ profile, address: browser.address, ended: browser.ended });
    } finally {
      await browser.kill();
      await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    }
  },
  context: async ({ raw, playwright }, use) => {
    const browser = await playwright.chromium.connectOverCDP(raw.address);
    const [context] = browser.contexts();
    if (!context) throw new Error('the browser has no context');
    await use(context);
    await browser.close();
  },
});

/**
 * Ends the browser as a person does, and waits until the last of its files is written. Killing it would hide what an
 * ordinary evening leaves behind.
 */
export async function stopBrowser(context: BrowserContext, raw: Raw): Promise<void> {
  const session = await context.browser()?.newBrowserCDPSession();
  // It goes before it can answer.
  session?.send('Browser.close').catch(() => undefined);
  await raw.ended;
}

export { expect } from './sandbox.ts';
