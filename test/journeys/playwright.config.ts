import { defineConfig } from '@playwright/test';

// With this Playwright reports the genuine side panel as a page.
process.env['PW_CHROMIUM_ATTACH_TO_OTHER'] = '1';

export default defineConfig({
  globalSetup: './browser.ts',
  testMatch: '*.spec.ts',
  outputDir: '../../test-results',
  reporter: 'list',
  workers: 2,
  retries: 0,
  // Nothing is asserted about time: these only end what hangs, also on a machine with other things to do.
  timeout: 60_000,
  expect: { timeout: 15_000 },
  globalTimeout: 25 * 60_000,
  forbidOnly: Boolean(process.env['CI']),
  use: {
    locale: 'nb-NO',
    timezoneId: 'Europe/Oslo',
    // Each action costs a picture, and nobody opens what a machine of CI has kept.
    trace: process.env['CI'] ? 'off' : 'retain-on-failure',
    launchOptions: {
      // Named by globalSetup; each worker reads this file again after it.
      executablePath: process.env['CHROME_BIN'] ?? '',
      args: [
        '--headless=new',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        // Chromium keeps only the last such list. This one takes the place of Playwright's own, which
        // turns storage partitioning off: a cross-site frame would then have no storage at all.
        '--disable-features=PaintHolding',
        // Nothing outside this machine can be reached.
        '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ],
    },
  },
});
