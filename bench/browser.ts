import { type Browser, chromium, type LaunchOptions } from '@playwright/test';
import { findChromium } from '../test/chromium.ts';

/** Started, with nothing open in it. `further` are switches of Chromium's own, on top of those of every browser here. */
export function startBrowser(resolverRules: string, further: string[] = []): Promise<Browser> {
  const options = optionsFor(resolverRules);
  return chromium.launch({ ...options, args: [...(options.args ?? []), ...further] });
}

/** A real Chromium, as the journeys have it, that reaches only what `resolverRules` name. */
export function optionsFor(resolverRules: string): LaunchOptions {
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
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ],
  };
}
