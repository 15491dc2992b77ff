// The settings page: what somebody may decide for themselves, and what they have to read first.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import type { BrowserContext, Page } from '@playwright/test';
import { nbLaunch } from '../../src/shell/words/nb-launch.ts';
import { nbOptions } from '../../src/shell/words/nb-options.ts';
import { test as base, expect, load, openBrowser } from './extension.ts';
import { axe, builtExtensionId } from './sandbox.ts';

/** As it comes from the store: nobody has set it up. */
const test = base.extend({
  letIn: false,
  extensionPath: async ({ extensionPath }, use) => {
    await writeFile(`${extensionPath}/sideplan.config.json`, JSON.stringify({ issuers: [] }));
    await use(extensionPath);
  },
});

async function settingsPage(context: BrowserContext, id: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`chrome-extension://${id}/options.html`);
  await expect(page.getByRole('heading', { name: nbOptions.issuers, exact: true })).toBeVisible();
  return page;
}

test('a panel nobody has set up says so, and leads to the settings', async ({
  page,
  context,
  sandbox,
  openSidePanel,
}) => {
  await page.goto(`${sandbox.ehrOrigin}/`);
  const panel = await openSidePanel(page);
  await expect(
    panel.getByRole('heading', { name: nbLaunch['launch.not-configured.title'] }),
  ).toBeVisible();
  expect(await axe(panel)).toEqual([]);
  const opened = context.waitForEvent('page', each => each.url().endsWith('/options.html'));
  await panel.getByRole('button', { name: nbLaunch['launch.settings'] }).click();
  await opened;
});

test('one’s own journal is kept only after saying yes to what is done with it', async ({
  context,
  extensionId,
}) => {
  const page = await settingsPage(context, extensionId);
  expect(await axe(page)).toEqual([]);
  await page.getByLabel(nbOptions['add.label']).fill('Fjordvik');
  await page.getByLabel(nbOptions['add.iss']).fill('https://fhir.fjordvik.example/r4');
  await page.getByLabel(nbOptions['add.clientId']).fill('sideplan');
  const save = page.getByRole('button', { name: nbOptions['add.keep'] });
  await save.click();
  await expect(page.getByRole('alert')).toHaveText(nbOptions['add.not-agreed']);
  await page.getByLabel(nbOptions['add.agreed']).check();
  await save.click();
  await expect(page.getByText(nbOptions['add.kept'])).toBeVisible();
  await expect(page.getByText(nbOptions['from.own'])).toBeVisible();
  await page.getByRole('button', { name: 'Fjern Fjordvik' }).click();
  await expect(page.getByText(nbOptions['issuers.empty'])).toBeVisible();
});

test('a journal without encryption is not kept', async ({ context, extensionId }) => {
  const page = await settingsPage(context, extensionId);
  await page.getByLabel(nbOptions['add.label']).fill('Fjordvik');
  await page.getByLabel(nbOptions['add.iss']).fill('http://fhir.fjordvik.example/r4');
  await page.getByLabel(nbOptions['add.clientId']).fill('sideplan');
  await page.getByLabel(nbOptions['add.agreed']).check();
  await page.getByRole('button', { name: nbOptions['add.keep'] }).click();
  await expect(page.getByRole('alert')).toHaveText(nbOptions['add.unsafe']);
  await expect(page.getByText(nbOptions['issuers.empty'])).toBeVisible();
});

test('E12 managed-config: where the organisation has set it up, nobody adds anything', async ({
  playwright,
  launchOptions,
  locale,
  extensionPath,
  watch,
}, info) => {
  const browser = await managedBrowser(info.outputPath('managed'), launchOptions.executablePath, {
    issuers: [{ iss: 'https://fhir.fjordvik.example/r4', clientId: 'c', label: 'Fjordvik' }],
  });
  test.skip(
    browser === undefined,
    'needs root, unshare and /etc/chromium to give Chromium a policy',
  );
  const context = await openBrowser(
    playwright,
    info.outputPath('managed-profile'),
    { ...launchOptions, executablePath: browser ?? '' },
    locale,
  );
  try {
    await watch.over(context);
    const page = await settingsPage(context, await load(context, extensionPath));
    await expect(page.getByText(nbOptions['from.policy'])).toBeVisible({ timeout: 15_000 });
    await expect(page.getByText('https://fhir.fjordvik.example/r4')).toBeVisible();
    await expect(page.getByText(nbOptions['managed.only'])).toBeVisible();
    await expect(page.getByRole('button', { name: nbOptions['add.keep'] })).toHaveCount(0);
    await expect(page.getByRole('button', { name: 'Fjern Fjordvik' })).toHaveCount(0);
    // Whoever writes into the extension's own storage changes nothing either.
    await page.evaluate(() =>
      chrome.storage.local.set({
        own: { issuers: [{ iss: 'https://evil.example', clientId: 'c', label: 'X' }], agreed: '' },
      }),
    );
    await page.reload();
    await expect(page.getByText(nbOptions['from.policy'])).toBeVisible();
    await expect(page.getByText('evil.example')).toHaveCount(0);
  } finally {
    await context.close();
  }
});

/** A Chromium that finds this policy where it looks for one, and nobody else does; undefined where that cannot be had. */
async function managedBrowser(
  folder: string,
  chromium: string | undefined,
  policy: object,
): Promise<string | undefined> {
  const place = '/etc/chromium';
  const able = process.getuid?.() === 0 && existsSync(place) && unshares();
  if (!able || !chromium) return undefined;
  await mkdir(`${folder}/policies/managed`, { recursive: true });
  await writeFile(
    `${folder}/policies/managed/sideplan.json`,
    JSON.stringify({ '3rdparty': { extensions: { [builtExtensionId]: policy } } }),
  );
  const script = `#!/bin/sh
exec unshare --mount sh -c 'mount --bind "${folder}" ${place} && exec "${chromium}" "$@"' sh "$@"
`;
  await writeFile(`${folder}/chromium.sh`, script, { mode: 0o755 });
  return `${folder}/chromium.sh`;
}

const unshares = () => spawnSync('unshare', ['--mount', 'true']).status === 0;
