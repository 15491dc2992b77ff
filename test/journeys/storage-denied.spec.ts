import { chromium, type Page } from '@playwright/test';
import { openEhr, sidebar } from './ehr.ts';
import { expect, test } from './sandbox.ts';

// A browser in which a frame from another site may not store anything: even looking at sessionStorage throws.
const denied = test.extend<{ strict: Page }>({
  strict: async ({ watch }, use) => {
    const browser = await chromium.launch({
      executablePath: process.env['CHROME_BIN'] ?? '',
      args: [
        '--disable-quic',
        '--disable-features=ThirdPartyStoragePartitioning,PaintHolding',
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ],
    });
    const context = await browser.newContext();
    await watch.over(context);
    // The prompt of today's Chrome is not needed: third-party cookies and storage are simply off.
    await use(await context.newPage());
    await browser.close();
  },
});

denied(
  'where the browser denies storage, two charts still keep their own patient through reload',
  async ({ strict: page, sandbox }) => {
    await openEhr(page, sandbox, { user: 'u-lv', patient: 'p1', patient2: 'p2' });
    const left = sidebar(page);
    const right = sidebar(page, 'patient2');
    await expect(left.locator('[data-patient-banner]')).toContainText('Maja');
    await expect(right.locator('[data-patient-banner]')).toContainText('Olav');
    const storage = await left.locator('html').evaluate(() => {
      try {
        return String(sessionStorage.length);
      } catch (error) {
        return error instanceof Error ? error.name : 'unknown';
      }
    });
    expect(storage).toBe('SecurityError');
    await left.locator('html').evaluate(() => location.reload());
    await expect(left.locator('html')).toHaveAttribute('data-context', `${sandbox.fhirBase}|p1`);
    await expect(right.locator('[data-patient-banner]')).toContainText('Olav');
  },
);
