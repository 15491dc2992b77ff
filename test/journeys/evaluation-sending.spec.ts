// What becomes of an evaluation when the network, the server, the disk or the person is not as one would wish.
import type { Page } from '@playwright/test';
import { askedOf, scenario } from './ehr.ts';
import {
  canBegin,
  evaluate,
  isReceived,
  isThereOnce,
  MAJA,
  openMaja,
  SAID,
  save,
  states,
  storedOf,
} from './evaluating.ts';
import { axe, expect, test } from './sandbox.ts';

/** What an evaluation is sent in. Trap: questions asked together are such a POST too, also those that look for it there. */
const WRITE = '/^POST \\/fhir$/';

test('W02 honest-status: «Lagret lokalt» is said at once, «Mottatt» only when the journal has it', async ({
  page,
  sandbox,
}) => {
  await openMaja(page, sandbox);
  await evaluate(page, 'review');
  await scenario(sandbox, { match: 'PUT /fhir/QuestionnaireResponse', delayMs: 3000 });
  await page.locator('.send-button').click();
  const steps = page.locator('.send-status [data-step]');
  await expect(steps).toHaveText([/✓ Lagret lokalt/, /… Sendes/, /○ Mottatt/]);
  expect(storedOf(sandbox).answers).toHaveLength(0);
  expect(await axe(page)).toEqual([]);
  await expect(steps).toHaveText([/✓ Lagret lokalt/, /✓ Sendt/, /✓ Mottatt av Fjordvik journal/]);
  isThereOnce(sandbox);
  expect(await axe(page)).toEqual([]);
});

test('W05 reload-storm: fifty reloads while it is being sent lose nothing and double nothing', async ({
  page,
  sandbox,
  expectProblem,
}) => {
  expectProblem(/503|412|ERR_/);
  test.setTimeout(120_000);
  await openMaja(page, sandbox);
  await scenario(sandbox, { match: WRITE, nth: 1, status: 503 }, { match: WRITE, afterMs: 150 });
  await save(page);
  for (let nth = 0; nth < 50; nth += 1) {
    // Which is itself broken off where the login was just taking the page somewhere.
    await page.reload({ waitUntil: 'commit' }).catch(() => undefined);
    await page.waitForTimeout(Math.random() * 900);
  }
  await page.goto(`${sandbox.ehrOrigin}/ehr/launch?${new URLSearchParams(MAJA)}`);
  await canBegin(page);
  await expect(states(page).and(page.locator(':not([data-outbox-state="acked"])'))).toHaveCount(0, {
    timeout: 30_000,
  });
  isThereOnce(sandbox);
});

test('W06 offline: what is written without a network is sent by itself when it is back', async ({
  page,
  context,
  sandbox,
  expectProblem,
}) => {
  // What was tried just as the network came back may have arrived, and is looked for before it is sent again: 404.
  expectProblem(/ERR_INTERNET_DISCONNECTED|websocket|404/i);
  await openMaja(page, sandbox);
  await evaluate(page, 'review');
  await context.setOffline(true);
  await page.locator('.send-button').click();
  const status = page.locator('.send-status');
  await expect(status).toContainText('Lagret lokalt');
  await expect(status).toContainText('Journalsystemet svarer ikke.');
  await expect(status).toContainText('Teksten er trygg på denne maskinen.');
  expect(await axe(page)).toEqual([]);
  expect(storedOf(sandbox).answers).toHaveLength(0);
  await context.setOffline(false);
  await isReceived(page, 30_000);
  isThereOnce(sandbox);
});

test('W09 hang: a journal that never answers is given thirty seconds, and then asked before anything is sent again', async ({
  page,
  sandbox,
}) => {
  test.setTimeout(90_000);
  await openMaja(page, sandbox);
  await evaluate(page, 'review');
  await scenario(sandbox, { match: WRITE, nth: 1, then: 'hang' });
  const before = (await askedOf(sandbox)).length;
  await page.locator('.send-button').click();
  await expect(states(page)).toHaveAttribute('data-outbox-state', 'sending');
  await expect(states(page)).not.toHaveAttribute('data-outbox-state', 'sending', {
    timeout: 40_000,
  });
  await isReceived(page, 30_000);
  isThereOnce(sandbox);
  const asked = (await askedOf(sandbox)).slice(before).map(({ method, path }) => method + path);
  const [{ id } = { id: '' }] = storedOf(sandbox).answers;
  const looked = asked.findIndex(line => line.startsWith('GET') && line.includes(id ?? ''));
  expect(looked).toBeGreaterThan(-1);
  expect(asked.indexOf('POST/fhir', looked)).toBeGreaterThan(looked);
});

for (const [what, rule] of [
  ['the connection breaks', { then: 'commit-then-drop' }],
  ['a proxy says 502', { status: 502, commit: true }],
  ['half the answer comes', { then: 'truncate' }],
] as const) {
  test(`W10 commit-then-error: the journal has done it, and then ${what}: it is found there, not sent again`, async ({
    page,
    sandbox,
    expectProblem,
  }) => {
    // Chromium itself sends again what met a broken connection: the journal refuses the second (412).
    expectProblem(/502|412|ERR_/);
    await openMaja(page, sandbox);
    await evaluate(page, 'review');
    await scenario(sandbox, { match: WRITE, nth: 1, ...rule });
    await page.locator('.send-button').click();
    await isReceived(page, 30_000);
    isThereOnce(sandbox);
  });
}

test('W24 trying again on a disk that is full: that it did not work is said, and when there is room it works', async ({
  page,
  sandbox,
  expectProblem,
}) => {
  expectProblem(/422|full/);
  await page.emulateMedia({ colorScheme: 'dark' });
  await openMaja(page, sandbox);
  await page.setViewportSize({ width: 320, height: 720 });
  await evaluate(page, 'review');
  await scenario(sandbox, { match: WRITE, status: 422 });
  await page.locator('.send-button').click();
  await expect(states(page)).toHaveAttribute('data-outbox-state', 'needs-human');
  await scenario(sandbox);
  await page.evaluate(() => {
    const store = IDBObjectStore.prototype;
    const put = Object.getOwnPropertyDescriptor(store, 'put')!;
    Object.defineProperty(store, 'put', {
      ...put,
      value: () => {
        throw new DOMException('full', 'QuotaExceededError');
      },
    });
    Object.assign(globalThis, { makeRoom: () => Object.defineProperty(store, 'put', put) });
  });
  const again = page.locator('.send-status').getByRole('button', { name: 'Prøv nå' });
  await again.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByText('Det gikk ikke. Prøv igjen.')).toBeVisible();
  await expect(again).toBeFocused();
  await expect(states(page)).toHaveAttribute('data-outbox-state', 'needs-human');
  expect(await axe(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  await page.evaluate(() => void Reflect.get(globalThis, 'makeRoom')());
  await page.keyboard.press('Enter');
  await isReceived(page);
  isThereOnce(sandbox);
});

for (const [id, status, words] of [
  ['W14', 422, 'Journalsystemet tok ikke imot den.'],
  ['W15', 403, 'Du har ikke tilgang til å skrive dette i journalsystemet.'],
  ['W16', 410, 'Det den gjelder, finnes ikke lenger i journalsystemet.'],
] as const) {
  test(`${id} ${status}: it is kept and explained, with what the journal says, and the text can be copied`, async ({
    page,
    sandbox,
    expectProblem,
  }) => {
    // After «gone» it is looked for, and each thing not found is a 404.
    expectProblem(status === 410 ? /404|410/ : new RegExp(String(status)));
    await openMaja(page, sandbox);
    await evaluate(page, 'review');
    const issue = [{ severity: 'error', code: 'invalid', diagnostics: '<b>Nei</b> takk' }];
    await scenario(sandbox, {
      match: WRITE,
      status,
      body: { resourceType: 'OperationOutcome', issue },
    });
    await page.locator('.send-button').click();
    await expect(states(page)).toHaveAttribute('data-outbox-state', 'needs-human');
    const status_ = page.locator('.send-status');
    await expect(status_).toContainText(words);
    await expect(status_).toContainText('<b>Nei</b> takk');
    expect(await axe(page)).toEqual([]);
    const tray = page.getByRole('region', { name: 'Det du har skrevet' });
    await tray.getByText('1 trenger deg').click();
    await tray.getByText('Vis teksten').click();
    await expect(tray.locator('.copied-words')).toContainText(SAID);
    expect(await axe(page)).toEqual([]);
    // It is still there for whoever opens the panel again; and somebody may say that it is seen to.
    await page.reload();
    await canBegin(page);
    await expect(states(page)).toHaveAttribute('data-outbox-state', 'needs-human');
    await tray.getByText('1 trenger deg').click();
    await tray.getByRole('button', { name: 'Jeg har ordnet det på annen måte' }).click();
    await tray.getByRole('button', { name: 'Ja, det er ordnet' }).click();
    await expect(states(page)).toHaveCount(0);
    expect(storedOf(sandbox).answers).toHaveLength(0);
  });
}

test('W20 what Tuva wrote waits while Sindre is logged in: he sees a number, and cannot send it', async ({
  page,
  sandbox,
  expectProblem,
}) => {
  expectProblem(/503/);
  await openMaja(page, sandbox);
  await evaluate(page, 'review');
  await scenario(sandbox, { match: WRITE, status: 503 });
  await page.locator('.send-button').click();
  await expect(page.locator('.send-status')).toContainText('opptatt');
  await scenario(sandbox);
  await openMajaAs('u-lv');
  await expect(page.getByText('1 fra en annen bruker venter på denne maskinen.')).toBeVisible();
  await expect(states(page)).toHaveCount(0);
  expect(await page.locator('body').textContent()).not.toContain(SAID);
  await page.waitForTimeout(1500);
  expect(storedOf(sandbox).answers).toHaveLength(0);
  await openMaja(page, sandbox);
  await isReceived(page);
  isThereOnce(sandbox);

  async function openMajaAs(user: string) {
    const query = new URLSearchParams({ ...MAJA, user });
    await page.goto(`${sandbox.ehrOrigin}/ehr/launch?${query}`);
    await expect(page.locator('[data-patient-banner]')).toContainText('Maja');
  }
});

test('W22 double-press: two presses and an Enter are one evaluation', async ({ page, sandbox }) => {
  await openMaja(page, sandbox);
  await evaluate(page, 'review');
  const send = page.locator('.send-button');
  await send.focus();
  await send.evaluate((button: HTMLButtonElement) => {
    button.click();
    button.click();
  });
  await page.keyboard.press('Enter');
  await isReceived(page);
  await expect(states(page)).toHaveCount(1);
  isThereOnce(sandbox);
});

test('W24 quota: what cannot be kept is said to be «IKKE lagret», can be copied, and can be sent all the same', async ({
  page,
  sandbox,
}) => {
  await page.addInitScript(() => {
    for (const name of ['put', 'add'] as const) {
      const real = IDBObjectStore.prototype[name];
      IDBObjectStore.prototype[name] = function (...given) {
        if (document.documentElement.dataset['full'] === 'true')
          throw new DOMException('The disk is full', 'QuotaExceededError');
        return real.apply(this, given);
      };
    }
  });
  await openMaja(page, sandbox);
  await evaluate(page, 'review');
  await page.evaluate(() => {
    document.documentElement.dataset['full'] = 'true';
  });
  await page.locator('.send-button').click();
  await expect(
    page.getByRole('alert').filter({ hasText: 'IKKE lagret på denne maskinen' }).first(),
  ).toContainText('Disken på denne maskinen er full.');
  expect(storedOf(sandbox).answers).toHaveLength(0);
  await expect(page.getByRole('button', { name: 'Kopier teksten' }).first()).toBeVisible();
  expect(await axe(page)).toEqual([]);
  await page.getByRole('button', { name: 'Send uten lokal kopi – Maja Testdal' }).click();
  await isReceived(page);
  await expect(page.locator('.send-status')).not.toContainText('Lagret lokalt');
  isThereOnce(sandbox);
});

test('T07 expiry-mid-write: a login that is over keeps the evaluation, and the same person’s next one sends it', async ({
  page,
  sandbox,
  expectProblem,
}) => {
  expectProblem(/401/);
  await openMaja(page, sandbox);
  await evaluate(page, 'review');
  await scenario(
    sandbox,
    { match: WRITE, status: 401 },
    { match: '/auth/token', status: 400, body: { error: 'invalid_grant' } },
  );
  await page.locator('.send-button').click();
  await expect(page.locator('.send-status')).toContainText('Du er logget ut av journalsystemet');
  expect(storedOf(sandbox).answers).toHaveLength(0);
  await scenario(sandbox);
  await openMaja(page, sandbox);
  await isReceived(page);
  isThereOnce(sandbox);
});

/** The tab that sends, once it does. */
const sends = (tab: Page) =>
  tab.waitForRequest(asked => asked.postData()?.includes('"transaction"') ?? false).then(() => tab);

test('M02 lock-holder-dies: another tab takes up within five seconds what a closed one was sending', async ({
  page,
  context,
  sandbox,
}) => {
  await openMaja(page, sandbox);
  const other = await context.newPage();
  await openMaja(other, sandbox);
  await evaluate(page, 'review');
  await scenario(sandbox, { match: WRITE, nth: 1, then: 'hang' });
  // Both may send what lies on their disk, and either may be the quicker.
  const first = Promise.any([sends(page), sends(other)]);
  await page.locator('.send-button').click();
  const holder = await first;
  const heir = holder === page ? other : page;
  await expect(states(heir)).toHaveAttribute('data-outbox-state', 'sending');
  const looks = async () =>
    (await askedOf(sandbox)).filter(
      ({ method, path }) => method === 'GET' && path.includes('QuestionnaireResponse/'),
    ).length;
  const before = await looks();
  await holder.close({ runBeforeUnload: false });
  await expect.poll(looks, { timeout: 5000 }).toBeGreaterThan(before);
  await isReceived(heir, 30_000);
  isThereOnce(sandbox);
});

test('W04 killed between the deed and its answer: the next one to look finds it there, whole', async ({
  page,
  context,
  sandbox,
  expectProblem,
}) => {
  expectProblem(/412/);
  await openMaja(page, sandbox);
  await evaluate(page, 'review');
  await scenario(sandbox, { match: WRITE, nth: 1, afterMs: 60_000 });
  await page.locator('.send-button').click();
  await expect.poll(() => storedOf(sandbox).answers.length).toBe(1);
  await page.close();
  const again = await context.newPage();
  await openMaja(again, sandbox);
  await expect(states(again).and(again.locator(':not([data-outbox-state="acked"])'))).toHaveCount(
    0,
  );
  isThereOnce(sandbox);
});

test('M05 upgrade: a newer Sideplan in another tab is not held up, and this one says that it cannot keep anything', async ({
  page,
  context,
  sandbox,
  expectProblem,
}) => {
  expectProblem(/favicon/);
  await openMaja(page, sandbox);
  await evaluate(page, 'review');
  const other = await context.newPage();
  await other.goto(`${sandbox.appOrigin}/sideplan.config.json`);
  const upgraded = await other.evaluate(
    () =>
      new Promise<string>((resolve, reject) => {
        const asked = indexedDB.open('sideplan', 1000);
        asked.addEventListener('success', () => {
          asked.result.close();
          resolve('upgraded');
        });
        asked.addEventListener('error', () => reject(asked.error ?? new Error('failed')));
        setTimeout(() => resolve('held up'), 5000);
      }),
  );
  expect(upgraded).toBe('upgraded');
  await page.getByRole('button', { name: 'Send uten lokal kopi – Maja Testdal' }).click();
  await expect(page.locator('.send-status')).toContainText('Mottatt av');
  await expect(page.locator('.send-status')).not.toContainText('Lagret lokalt');
  isThereOnce(sandbox);
});
