// A Chromium nobody has tuned: started by ourselves with its own profile, storage partitioning on, and stopped for good.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext } from '@playwright/test';
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
    const browser = spawn(process.env['CHROME_BIN'] ?? '', switches(profile), { stdio: 'ignore' });
    const ended = new Promise(resolve => {
      browser.once('exit', resolve);
    });
    try {
      const address = await debugAddress(profile, browser);
      await use({ profile, address, ended });
    } finally {
      browser.kill('SIGKILL');
      await ended;
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

const switches = (profile: string) => [
  '--headless=new',
  '--remote-debugging-port=0',
  `--user-data-dir=${profile}`,
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--lang=nb-NO',
  // `fremmed.test` is a site of its own on this machine; nothing outside it can be reached.
  '--host-resolver-rules=MAP fremmed.test 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  'about:blank',
];

/** Chromium writes the port it was given into its profile. */
async function debugAddress(profile: string, browser: ChildProcess): Promise<string> {
  const file = join(profile, 'DevToolsActivePort');
  for (const until = Date.now() + 15_000; Date.now() < until; ) {
    if (browser.exitCode !== null) throw new Error(`Chromium ended with ${browser.exitCode}`);
    const [port, path] = existsSync(file) ? (await readFile(file, 'utf8')).split('\n') : [];
    if (port && path) return `ws://127.0.0.1:${port}${path}`;
    await new Promise(resolve => {
      setTimeout(resolve, 50);
    });
  }
  throw new Error('Chromium did not say where it listens');
}

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
