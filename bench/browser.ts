import { type Browser, chromium, type LaunchOptions } from '@playwright/test';
import { findChromium } from '../test/chromium.ts';

/** Started, with nothing open in it. */
export const startBrowser = (resolverRules: string, further?: string): Promise<Browser> =>
  chromium.launch(optionsFor(resolverRules, further));

/** A real Chromium, as the journeys have it, that reaches only what `resolverRules` name. `further`: a switch of its own. */
export function optionsFor(resolverRules: string, further?: string): LaunchOptions {
  return {
    executablePath: findChromium(),
    args: [
      '--headless=new',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // In the place of Playwright's own list, which turns storage partitioning off (test/journeys/playwright.config.ts).
      '--disable-features=PaintHolding',
      `--host-resolver-rules=${resolverRules}`,
      ...(further === undefined ? [] : [further]),
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ],
  };
}
