// The journal's frame in a browser that lets nothing be kept there (CATALOGUE L14, W24).
import { type BrowserContext, chromium } from '@playwright/test';
import { openEhr, sidebar } from './ehr.ts';
import { evaluate, isReceived, isThereOnce, MAJA } from './evaluating.ts';
import { axe, test as base, expect } from './sandbox.ts';

// Playwright's own switches: a frame of another site has no storage at all.
const test = base.extend<{ strict: BrowserContext }>({
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
    await use(context);
    await browser.close();
  },
});

test('where nothing can be kept, the review says so before the press, and what is sent asks for the panel to stay open', async ({
  strict,
  sandbox,
}) => {
  const page = await strict.newPage();
  await openEhr(page, sandbox, MAJA);
  const begin = sidebar(page).locator('#ny-evaluering[aria-disabled="false"]');
  await begin.waitFor({ state: 'attached', timeout: 20_000 });
  const frame = await (await begin.elementHandle())?.ownerFrame();
  if (!frame) throw new Error('the panel is not in the page');
  await evaluate(frame, 'review');
  await expect(frame.getByText('Evalueringen kan sendes uten lokal kopi')).toBeVisible();
  await expect(frame.getByText(/Kladd lagret/)).toHaveCount(0);
  expect(await axe(frame)).toEqual([]);
  await frame.getByRole('button', { name: 'Send uten lokal kopi – Maja Testdal' }).click();
  await isReceived(frame);
  await expect(frame.locator('.send-status')).not.toContainText('Lagret lokalt');
  isThereOnce(sandbox);
});
