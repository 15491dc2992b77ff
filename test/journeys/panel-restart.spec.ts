// What outlives the extension being started anew: nothing one could read (CATALOGUE S13; SAFETY 5).
import type { Page } from '@playwright/test';
import { nbLaunch } from '../../src/shell/words/nb-launch.ts';
import { canBegin, evaluate, SAID } from './evaluating.ts';
import { expect, isEmptyOfMaja, load, logIn, shows, test } from './extension.ts';

test('S13 session-lifetime: after the extension is started anew its keys are gone, and nothing can be read before somebody logs in', async ({
  page,
  context,
  sandbox,
  extensionPath,
  openSidePanel,
}) => {
  await page.goto(`${sandbox.ehrOrigin}/`);
  const panel = await openSidePanel(page);
  await logIn(context, panel, 'p1', 'u-psy');
  await canBegin(panel);
  await evaluate(panel, 'review');
  await expect(panel.getByText(/Kladd lagret kl\./)).toBeVisible();
  expect(Object.keys(await session(panel))).not.toEqual([]);

  const closed = panel.waitForEvent('close');
  await load(context, extensionPath);
  await closed;

  const again = await openSidePanel(page);
  await expect(again.getByRole('button', { name: nbLaunch['launch.window'] })).toBeVisible();
  await isEmptyOfMaja(again);
  expect(await session(again)).toEqual({});
  expect(await again.evaluate(() => history.state as unknown)).toBeNull();
  const disk = await onDisk(again);
  // The draft is there, and the key to it is with the journal's server, for whoever logs in.
  expect(disk['drafts']).toHaveLength(1);
  expect(disk['keys']).toEqual([]);
  expect(JSON.stringify(disk)).not.toMatch(new RegExp(`${SAID}|Maja|128507|u-psy|Patient/`));

  await logIn(context, again, 'p1', 'u-psy');
  await shows(again, sandbox, 'p1');
});

const session = (panel: Page) => panel.evaluate(() => chrome.storage.session.get());

/** Everything in the extension's own storage, as somebody would find it who opens the panel without logging in. */
const onDisk = (panel: Page) =>
  panel.evaluate(async () => {
    const found: Record<string, unknown[]> = { local: [await chrome.storage.local.get()] };
    found['localStorage'] = Object.entries(localStorage);
    for (const { name = '' } of await indexedDB.databases()) {
      const database = await new Promise<IDBDatabase>(resolve => {
        const request = indexedDB.open(name);
        request.addEventListener('success', () => resolve(request.result));
      });
      for (const store of database.objectStoreNames)
        found[store] = await new Promise<unknown[]>(resolve => {
          const request = database.transaction(store).objectStore(store).getAll();
          request.addEventListener('success', () => resolve(request.result));
        });
      database.close();
    }
    const text = JSON.stringify(found, (_, each: unknown) =>
      each instanceof Uint8Array ? new TextDecoder('latin1').decode(each) : each,
    );
    return JSON.parse(text) as Record<string, unknown[]>;
  });
