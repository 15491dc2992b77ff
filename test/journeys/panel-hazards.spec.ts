// What Chrome may do to the extension while somebody writes, and what the pages it stands in may see (E03, E05–E08, E11).
import type { BrowserContext, Page } from '@playwright/test';
import { nbFollow } from '../../src/shell/words/nb-follow.ts';
import { nbLaunch } from '../../src/shell/words/nb-launch.ts';
import { scenario } from './ehr.ts';
import {
  canBegin,
  evaluate,
  goesOnWithDraft,
  isReceived,
  isThereOnce,
  SAID,
  save,
  states,
  storedOf,
} from './evaluating.ts';
import {
  browserOf,
  change,
  expect,
  isEmptyOfMaja,
  load,
  logIn,
  openBrowser,
  shows,
  sidePanel,
  test,
} from './extension.ts';

/** What an evaluation is sent in. Trap: questions asked together are such a POST too. */
const WRITE = '/^POST \\/fhir$/';
/** A server in trouble, and asking it afterwards what has arrived before sending anything again (decision 13). */
const ON_THE_WAY = /503|404|412|ERR_/;
/** How often, and for how long, the worker is killed. CATALOGUE E06 says every 5 s for 2 min: KILLS=24 KILL_EVERY_MS=5000. */
const KILLS = Number(process.env['KILLS'] ?? 15);
const KILL_EVERY_MS = Number(process.env['KILL_EVERY_MS'] ?? 2000);

/** Tuva Poliklin, who evaluates, on Maja. */
async function openMaja(context: BrowserContext, panel: Page) {
  await logIn(context, panel, 'p1', 'u-psy');
  await canBegin(panel);
}

async function killWorker(context: BrowserContext, id: string): Promise<boolean> {
  const browser = await browserOf(context).newBrowserCDPSession();
  const { targetInfos } = await browser.send('Target.getTargets', {
    filter: [{ type: 'service_worker', exclude: false }],
  });
  const worker = targetInfos.find(({ url }) => url.startsWith(`chrome-extension://${id}/`));
  if (worker) await browser.send('Target.closeTarget', { targetId: worker.targetId });
  await browser.detach();
  return worker !== undefined;
}

test('an evaluation written in the panel is in the journal, whole and once', async ({
  context,
  sandbox,
  panel,
}) => {
  await openMaja(context, panel);
  await save(panel);
  await isReceived(panel);
  isThereOnce(sandbox);
});

test('E06 worker-kill: while the worker is killed again and again, what is written arrives once', async ({
  context,
  sandbox,
  extensionId,
  panel,
  expectProblem,
}) => {
  expectProblem(ON_THE_WAY);
  test.setTimeout(60_000 + KILLS * KILL_EVERY_MS * 2);
  await openMaja(context, panel);
  // Whatever is sent, until it has been seen to wait: the first few would be spent on questions, which come the same way.
  await scenario(sandbox, { match: WRITE, status: 503 });
  let killed = 0;
  const killing = (async () => {
    for (let nth = 0; nth < KILLS; nth += 1) {
      if (await killWorker(context, extensionId)) killed += 1;
      // What wakes it again: the toolbar, a message of the journal's page, or a policy.
      await panel.evaluate(() => chrome.runtime.sendMessage({ wake: true }).catch(() => {}));
      await panel.waitForTimeout(KILL_EVERY_MS);
    }
  })();
  await save(panel);
  await expect(panel.locator('.send-status')).toContainText('opptatt');
  await scenario(sandbox);
  await killing;
  await isReceived(panel, 30_000);
  isThereOnce(sandbox);
  expect(killed).toBeGreaterThan(KILLS / 2);
});

for (const [what, version] of [
  [
    'E07 browser-restart: what waited when the browser was closed is sent after the next login',
    undefined,
  ],
  ['E08 update: what waited under the old version is sent by the new one', '0.2.0'],
] as const)
  test(what, async ({ playwright, launchOptions, locale, sandbox, extensionPath, watch }, info) => {
    watch.expects(ON_THE_WAY);
    const profile = info.outputPath('profile-that-stays');
    const start = async () => {
      const context = await openBrowser(playwright, profile, launchOptions, locale);
      await watch.over(context);
      const id = await load(context, extensionPath);
      const page = await context.newPage();
      await page.goto(`${sandbox.ehrOrigin}/`);
      return { context, panel: await sidePanel(context, id, page) };
    };
    const first = await start();
    await openMaja(first.context, first.panel);
    await scenario(sandbox, { match: WRITE, status: 503 });
    await save(first.panel);
    expect(storedOf(sandbox).answers).toHaveLength(0);
    await first.context.close();

    await fetch(`${sandbox.ehrOrigin}/ehr/scenario`, { method: 'DELETE' });
    if (version) await change(extensionPath, { version });
    const second = await start();
    try {
      // Nothing of the former login is left: neither the patient, nor what was written, before somebody has logged in.
      await expect(
        second.panel.getByRole('button', { name: nbLaunch['launch.window'] }),
      ).toBeVisible();
      await isEmptyOfMaja(second.panel);
      if (version)
        expect(await second.panel.evaluate(() => chrome.runtime.getManifest().version)).toBe(
          version,
        );
      await openMaja(second.context, second.panel);
      await expect(
        states(second.panel).and(second.panel.locator(':not([data-outbox-state="acked"])')),
      ).toHaveCount(0, { timeout: 30_000 });
      await expect.poll(() => storedOf(sandbox).answers.length, { timeout: 30_000 }).toBe(1);
      isThereOnce(sandbox);
    } finally {
      await second.context.close();
    }
  });

test('what somebody was writing is gone from the screen while the journal shows another patient, and kept', async ({
  page,
  sandbox,
  openFromJournal,
}) => {
  await page.goto(`${sandbox.ehrOrigin}/?user=u-gp`);
  const panel = await openFromJournal(page);
  await shows(panel, sandbox, 'p1');
  await canBegin(panel);
  await evaluate(panel, 'review');
  await expect(panel.getByText(/Kladd lagret kl\./)).toBeVisible();

  const patient = page.getByLabel('Pasient', { exact: true });
  await patient.selectOption('p2');
  await expect(panel.getByRole('heading', { name: nbFollow['ctx.changed.unnamed'] })).toBeVisible();
  await isEmptyOfMaja(panel);
  expect(await panel.locator('body').textContent()).not.toContain(SAID);

  await patient.selectOption('p1');
  await panel.getByRole('button', { name: nbFollow['ctx.another.open'] }).click();
  await shows(panel, sandbox, 'p1');
  await canBegin(panel);
  await goesOnWithDraft(panel);
  expect(storedOf(sandbox).answers).toHaveLength(0);
});

test.describe('The journal’s page', () => {
  const nobody = '/?patient=nobody';

  test('E11 no-dom-phi: nothing of the extension or of the patient comes into it', async ({
    page,
    context,
    sandbox,
    openSidePanel,
  }) => {
    await page.goto(`${sandbox.ehrOrigin}${nobody}`);
    const look = () =>
      page.evaluate(() => {
        document.querySelector('#clock')?.remove();
        const shadows = [...document.querySelectorAll('*')].filter(each => each.shadowRoot);
        return [document.documentElement.outerHTML, Object.keys(window).length, shadows.length];
      });
    const before = await look();
    const panel = await openSidePanel(page);
    await logIn(context, panel);
    await shows(panel, sandbox, 'p1');
    expect(await look()).toEqual(before);
  });

  test('E05 exposure: our script in it cannot reach the memory of the panel, nor find a patient in storage', async ({
    page,
    context,
    sandbox,
    extensionId,
    openSidePanel,
  }) => {
    const cdp = await context.newCDPSession(page);
    const worlds: { id: number; origin: string }[] = [];
    cdp.on('Runtime.executionContextCreated', ({ context: world }) => void worlds.push(world));
    await cdp.send('Runtime.enable');
    const panel = await openSidePanel(page);
    await page.goto(`${sandbox.ehrOrigin}/`);
    await logIn(context, panel);
    await shows(panel, sandbox, 'p1');
    const world = worlds.findLast(({ origin }) => origin === `chrome-extension://${extensionId}`);
    const inScript = async (expression: string) => {
      const { result, exceptionDetails } = await cdp.send('Runtime.evaluate', {
        expression,
        contextId: world?.id ?? 0,
        awaitPromise: true,
        returnByValue: true,
      });
      return exceptionDetails?.exception?.description ?? String(result.value);
    };
    expect(await inScript('chrome.storage.session.get()')).toMatch(/not allowed/);
    const local = await inScript('chrome.storage.local.get().then(JSON.stringify)');
    expect(local).toContain('policy');
    expect(local).not.toMatch(/Maja|128507|Bearer|eyJ/);
  });

  test('E02, E03: a page nobody has configured has nobody to speak to, and a thousand odd messages change nothing', async ({
    page,
    context,
    sandbox,
    loggedIn: panel,
  }) => {
    const kept = () =>
      panel.evaluate(async () =>
        JSON.stringify([await chrome.storage.local.get(), await chrome.storage.session.get()]),
      );
    const before = await kept();
    const answers = await page.evaluate(async () => {
      const heard: unknown[] = [];
      addEventListener('message', ({ data }) => {
        if (typeof data !== 'object' || !('odd' in data)) heard.push(data);
      });
      const odd = [null, 7, 'launch', [], {}, { iss: 7 }, { iss: 'x', launch: 'y', patient: 'p2' }];
      for (let nth = 0; nth < 1000; nth += 1)
        postMessage({ odd: true, sideplan: odd[nth % odd.length] }, location.origin);
      await new Promise(resolve => {
        setTimeout(resolve, 500);
      });
      return heard;
    });
    expect(answers).toEqual([]);
    expect(await kept()).toBe(before);
    await shows(panel, sandbox, 'p1');

    const elsewhere = await context.newPage();
    await elsewhere.goto(`${sandbox.appOrigin}/index.html`);
    expect(await elsewhere.evaluate(() => typeof chrome === 'object' && 'runtime' in chrome)).toBe(
      false,
    );
  });
});
