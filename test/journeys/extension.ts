// The unpacked extension in a browser of its own, and its genuine side panel.
import { cp, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { BrowserContext, Page } from '@playwright/test';
import { test as base } from './sandbox.ts';

interface Fixtures {
  extensionId: string;
  /** As if the user clicked the toolbar icon while looking at this tab. */
  openSidePanel: (tab: Page) => Promise<Page>;
}

export const test = base.extend<Fixtures>({
  context: async ({ playwright, launchOptions, locale }, use, info) => {
    const context = await playwright.chromium.launchPersistentContext(info.outputPath('profile'), {
      ...launchOptions,
      ...(locale ? { locale } : {}),
      viewport: null, // or the panel would be given the size of a whole screen
      ignoreDefaultArgs: ['--disable-extensions'],
      args: [...(launchOptions.args ?? []), '--enable-unsafe-extension-debugging'],
    });
    await use(context);
    await context.close();
  },
  extensionId: async ({ context, sandbox }, use, info) => {
    // The built extension, configured for this test's sandbox as a hospital would configure it for its journal.
    const path = info.outputPath('extension');
    await cp(fileURLToPath(new URL('../../dist/extension', import.meta.url)), path, {
      recursive: true,
    });
    const issuer = { iss: sandbox.fhirBase, clientId: 'sideplan', label: 'Fjordvik journal' };
    const configuration = { issuers: [issuer], allowInsecureLoopback: true };
    await writeFile(`${path}/sideplan.config.json`, JSON.stringify(configuration));
    const browser = await browserOf(context).newBrowserCDPSession();
    const started = context.waitForEvent('serviceworker');
    // Branded Chrome no longer knows --load-extension; this works in every Chromium.
    const { id } = await browser.send('Extensions.loadUnpacked', { path });
    await started;
    await use(id);
  },
  openSidePanel: async ({ context, extensionId }, use) => {
    await use(async tab => {
      const browser = await browserOf(context).newBrowserCDPSession();
      await tab.bringToFront();
      const { targetInfos } = await browser.send('Target.getTargets', {
        filter: [{ type: 'tab', exclude: false }],
      });
      const target = targetInfos.find(({ url }) => url === tab.url());
      if (!target) throw new Error(`no tab shows ${tab.url()}`);
      const opened = context.waitForEvent('page', page =>
        page.url().startsWith(`chrome-extension://${extensionId}/`),
      );
      await browser.send('Extensions.triggerAction', {
        id: extensionId,
        targetId: target.targetId,
      });
      return opened;
    });
  },
});

function browserOf(context: BrowserContext) {
  const browser = context.browser();
  if (!browser) throw new Error('this context has no browser to ask');
  return browser;
}

export { expect } from './sandbox.ts';
