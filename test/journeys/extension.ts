// The unpacked extension in a browser of its own, and its genuine side panel.
import { cp, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type {
  BrowserContext,
  Frame,
  LaunchOptions,
  Page,
  PlaywrightWorkerArgs,
} from '@playwright/test';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { nbFollow } from '../../src/shell/words/nb-follow.ts';
import { nbLaunch } from '../../src/shell/words/nb-launch.ts';
import { test as base, expect } from './sandbox.ts';

interface Fixtures {
  /** Whether the browser has let the extension into the journal, as a hospital's own package is. */
  letIn: boolean;
  /** What the hospital's package says beyond its journals. */
  rules: object;
  /** The folder the extension is loaded from, configured for this test's sandbox. */
  extensionPath: string;
  extensionId: string;
  /** As if the user clicked the toolbar icon while looking at this tab. */
  openSidePanel: (tab: Page) => Promise<Page>;
  /** As if the user pressed the journal's own button in this tab: the panel is handed its patient. */
  openFromJournal: (tab: Page) => Promise<Page>;
  /** The panel beside the journal, in which nobody has logged in. */
  panel: Page;
  /** The panel beside the journal, when somebody has logged in there and it shows Maja. */
  loggedIn: Page;
  /** The panel as the journal's own button opened it, when it shows Maja. */
  handedOver: Page;
}

export const test = base.extend<Fixtures>({
  letIn: [true, { option: true }],
  rules: [{}, { option: true }],
  context: async ({ playwright, launchOptions, locale }, use, info) => {
    const profile = info.outputPath('profile');
    const context = await openBrowser(playwright, profile, launchOptions, locale);
    await use(context);
    await context.close();
  },
  extensionPath: async ({ sandbox, letIn, rules }, use, info) => {
    const path = info.outputPath('extension');
    await configured(path, sandbox, letIn, rules);
    await use(path);
  },
  extensionId: async ({ context, extensionPath, letIn }, use) => {
    const id = await load(context, extensionPath);
    if (letIn) await attends(context);
    await use(id);
  },
  openSidePanel: async ({ context, extensionId }, use) => {
    await use(tab => sidePanel(context, extensionId, tab));
  },
  openFromJournal: async ({ context, extensionId }, use) => {
    await use(async tab => {
      const opened = panelOpened(context, extensionId);
      await hand(tab).click();
      return opened;
    });
  },
  panel: async ({ page, sandbox, openSidePanel }, use) => {
    await page.goto(`${sandbox.ehrOrigin}/`);
    await use(await openSidePanel(page));
  },
  loggedIn: async ({ context, sandbox, panel }, use) => {
    await logIn(context, panel);
    await shows(panel, sandbox, 'p1');
    await use(panel);
  },
  handedOver: async ({ page, sandbox, openFromJournal }, use) => {
    await page.goto(`${sandbox.ehrOrigin}/`);
    const panel = await openFromJournal(page);
    await shows(panel, sandbox, 'p1');
    await use(panel);
  },
});

/** A browser with a profile that outlives it. */
export function openBrowser(
  playwright: Pick<PlaywrightWorkerArgs['playwright'], 'chromium'>,
  profile: string,
  launchOptions: LaunchOptions,
  locale: string | undefined,
): Promise<BrowserContext> {
  return playwright.chromium.launchPersistentContext(profile, {
    ...launchOptions,
    ...(locale ? { locale } : {}),
    viewport: null, // or the panel would be given the size of a whole screen
    ignoreDefaultArgs: ['--disable-extensions'],
    args: [...(launchOptions.args ?? []), '--enable-unsafe-extension-debugging'],
  });
}

/** The built extension, configured for this sandbox as a hospital would configure it for its journal. */
export async function configured(
  path: string,
  sandbox: Sandbox,
  letIn: boolean,
  rules: object,
  built = fileURLToPath(new URL('../../dist/extension', import.meta.url)),
) {
  await cp(built, path, { recursive: true });
  const issuer = {
    iss: sandbox.fhirBase,
    clientId: 'sideplan',
    label: 'Fjordvik journal',
    ehrOrigins: [sandbox.ehrOrigin],
  };
  const configuration = { issuers: [issuer], allowInsecureLoopback: true, ...rules };
  await writeFile(`${path}/sideplan.config.json`, JSON.stringify(configuration));
  if (letIn) await change(path, { host_permissions: [`${sandbox.ehrOrigin}/*`] });
}

/** Another manifest for the same extension: what a hospital's own package has, or a later version. */
export async function change(path: string, fields: object): Promise<void> {
  const manifest: object = JSON.parse(await readFile(`${path}/manifest.json`, 'utf8'));
  await writeFile(`${path}/manifest.json`, JSON.stringify({ ...manifest, ...fields }));
}

/**
 * Gives the extension's id once a press on its icon opens the panel: pressed sooner, it opens nothing. Branded Chrome no
 * longer knows --load-extension; this works in every Chromium.
 */
export async function load(context: BrowserContext, path: string): Promise<string> {
  const browser = await browserOf(context).newBrowserCDPSession();
  const started = context.waitForEvent('serviceworker');
  const { id } = await browser.send('Extensions.loadUnpacked', { path });
  const worker = await started;
  await expect
    .poll(() => worker.evaluate(() => chrome.sidePanel.getPanelBehavior()))
    .toMatchObject({ openPanelOnActionClick: true });
  return id;
}

/** Chrome answers seconds after its start what the policy says; only then does the extension know its journals. */
async function attends(context: BrowserContext): Promise<void> {
  const [worker] = context.serviceWorkers();
  await expect
    .poll(
      () =>
        worker?.evaluate(async () => (await chrome.scripting.getRegisteredContentScripts()).length),
      { timeout: 15_000 },
    )
    .toBe(1);
}

export async function sidePanel(context: BrowserContext, id: string, tab: Page): Promise<Page> {
  const browser = await browserOf(context).newBrowserCDPSession();
  await tab.bringToFront();
  const { targetInfos } = await browser.send('Target.getTargets', {
    filter: [{ type: 'tab', exclude: false }],
  });
  const target = targetInfos.find(({ url }) => url === tab.url());
  if (!target) throw new Error(`no tab shows ${tab.url()}`);
  const opened = panelOpened(context, id);
  await browser.send('Extensions.triggerAction', { id, targetId: target.targetId });
  return opened;
}

/** The next panel that opens, whatever opens it. */
const panelOpened = (context: BrowserContext, id: string): Promise<Page> =>
  context.waitForEvent('page', page =>
    page.url().startsWith(`chrome-extension://${id}/index.html`),
  );

/** The journal's own button for the panel. */
export const hand = (tab: Page) =>
  tab.getByRole('button', { name: 'Åpne i nettleserens sidepanel' });

export function browserOf(context: BrowserContext) {
  const browser = context.browser();
  if (!browser) throw new Error('this context has no browser to ask');
  return browser;
}

/** Chrome's own window for the login, asked for in the panel. */
export async function loginWindow(context: BrowserContext, panel: Page): Promise<Page> {
  const opened = context.waitForEvent('page');
  await panel.getByRole('button', { name: nbLaunch['launch.window'] }).click();
  return opened;
}

/** Somebody logs in through Chrome's own window and picks a patient. */
export async function logIn(context: BrowserContext, panel: Page, patient = 'p1', user?: string) {
  const window = await loginWindow(context, panel);
  if (user) await window.getByLabel('Bruker').selectOption(user);
  await window.getByLabel('Pasient').selectOption(patient);
  await window.getByRole('button', { name: 'Logg inn' }).click();
}

export async function shows(panel: Page | Frame, sandbox: Sandbox, patient: string): Promise<void> {
  const context = `${sandbox.fhirBase}|${patient}`;
  await expect(panel.locator('html')).toHaveAttribute('data-context', context, { timeout: 15_000 });
  await expect(panel.locator('[data-patient-banner]')).toBeVisible();
}

/** As `shows`, when the journal comes back: a panel beside a tab that has moved meanwhile asks whether this is still the same patient. */
export async function showsAgain(
  panel: Page | Frame,
  sandbox: Sandbox,
  patient: string,
): Promise<void> {
  const same = panel.getByRole('button', { name: nbFollow['ctx.moved.same'] });
  await expect(same.or(panel.locator('[data-patient-banner]')).first()).toBeVisible();
  if (await same.isVisible()) await same.click();
  await shows(panel, sandbox, patient);
}

/** Nothing of Maja is left, in the page or in its address and title. */
export async function isEmptyOfMaja(panel: Page | Frame): Promise<void> {
  await expect(panel.locator('html')).toHaveAttribute('data-context', '');
  await expect(panel.locator('[data-section], [data-item-id], [data-patient-banner]')).toHaveCount(
    0,
  );
  expect(await panel.locator('body').textContent()).not.toMatch(/Maja|128507/);
}

export { expect };
