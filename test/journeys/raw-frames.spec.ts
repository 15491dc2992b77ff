// Framed by another site, in a browser as people have it (CATALOGUE L15, L16, X13).
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { openEhr } from './ehr.ts';
import { expect, test } from './raw.ts';

test('L15 iframe-partitioned: in the frame of a journal on another site, Sideplan works and keeps its patient', async ({
  page,
  sandbox,
}) => {
  const frame = await openEhr(page, sandbox, { user: 'u-lv', patient: 'p1' });
  await expect(frame.locator('[data-patient-banner]')).toContainText('Maja');
  // It has storage, and it is not the storage the same app has in a tab of its own: that is what partitioned means.
  await frame.locator('html').evaluate(() => localStorage.setItem('here', 'in the frame'));
  const alone = await page.context().newPage();
  await alone.goto(`${sandbox.ehrOrigin}/ehr/launch?user=u-lv&patient=p2`);
  await expect(alone.locator('[data-patient-banner]')).toContainText('Olav');
  expect(await alone.evaluate(() => localStorage.getItem('here'))).toBeNull();
  expect(await frame.locator('html').evaluate(() => localStorage.getItem('here'))).toBe(
    'in the frame',
  );
  await frame.locator('html').evaluate(() => location.reload());
  await expect(frame.locator('html')).toHaveAttribute('data-context', `${sandbox.fhirBase}|p1`);
  await expect(frame.locator('[data-section="contacts"]')).toHaveAttribute('data-state', 'present');
});

test('X13 framing: the journal may frame Sideplan; a page on any other address may not', async ({
  page,
  sandbox,
  expectProblem,
}) => {
  const frame = await openEhr(page, sandbox, { user: 'u-lv', patient: 'p1' });
  await expect(frame.locator('[data-patient-banner]')).toContainText('Maja');

  expectProblem(/frame-ancestors|Framing|chrome-error/);
  const stranger = await strangersPage(page);
  try {
    for (const address of [
      await launchAddress(sandbox),
      `${sandbox.appOrigin}/index.html`,
      `${sandbox.appOrigin}/`,
      `${sandbox.appOrigin}/sideplan.config.json`,
      `${sandbox.ehrOrigin}/`,
    ]) {
      await stranger.put(address);
      // A browser that blocks shows a page of its own.
      await expect.poll(stranger.framed, address).toBe('chrome-error://chromewebdata/');
    }
  } finally {
    await stranger.close();
  }
});

async function launchAddress(sandbox: Sandbox): Promise<string> {
  const answer = await fetch(`${sandbox.ehrOrigin}/ehr/launch?user=u-lv&patient=p1`, {
    headers: { accept: 'application/json' },
  });
  return ((await answer.json()) as { url: string }).url;
}

/** A page on a site the app has never heard of, which puts an address into a frame and sees what comes. */
async function strangersPage(page: Page) {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end('<!doctype html><title>Fremmed</title><iframe></iframe>');
  });
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const own = await page.context().newPage();
  await own.goto(`http://fremmed.test:${port}/`);
  return {
    async put(address: string): Promise<void> {
      const element = await own.waitForSelector('iframe');
      await element.evaluate(
        (node, src) =>
          new Promise(resolve => {
            const frame = document.createElement('iframe');
            frame.addEventListener('load', resolve, { once: true });
            frame.src = src;
            node.replaceWith(frame);
          }),
        address,
      );
    },
    framed: () =>
      own
        .mainFrame()
        .childFrames()
        .map(frame => frame.url())
        .join(' '),
    async close() {
      await own.close();
      server.closeAllConnections();
      await new Promise(resolve => {
        server.close(resolve);
      });
    },
  };
}
