// One app in two shells: the same journeys, word for word, in the journal's frame and in the browser's side panel.
import type { BrowserContext, Frame, Page } from '@playwright/test';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { nbFollow } from '../../src/shell/words/nb-follow.ts';
import { openEhr } from './ehr.ts';
import { canBegin, evaluate, isReceived, isThereOnce, SAID, save } from './evaluating.ts';
import { expect, isEmptyOfMaja, panelOpened, shows, test } from './extension.ts';

interface Desk {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly sandbox: Sandbox;
  readonly extensionId: string;
}
type Query = Readonly<Record<string, string>>;

const SHELLS: Readonly<Record<string, (desk: Desk, query: Query) => Promise<Page | Frame>>> = {
  async 'in the journal’s frame'({ page, sandbox }, query) {
    await openEhr(page, sandbox, query);
    const ours = () => page.frames().find(frame => frame.url().startsWith(sandbox.appOrigin));
    await expect.poll(() => ours()?.url()).toBeTruthy();
    const frame = ours();
    if (!frame) throw new Error('the journal shows no frame of ours');
    return frame;
  },
  async 'in the browser’s side panel'({ page, context, sandbox, extensionId }, query) {
    await page.goto(`${sandbox.ehrOrigin}/?${new URLSearchParams(query)}`);
    const opened = panelOpened(context, extensionId);
    await page.getByRole('button', { name: 'Åpne i nettleserens sidepanel' }).click();
    return opened;
  },
};

for (const [place, open] of Object.entries(SHELLS)) {
  test.describe(place, () => {
    test('the duty doctor sees whom to call, what to avoid and what Maja takes, and logs in nowhere', async ({
      page,
      context,
      sandbox,
      extensionId,
    }) => {
      const where = await open({ page, context, sandbox, extensionId }, { user: 'u-lv' });
      await shows(where, sandbox, 'p1');
      const contacts = where.locator('[data-section="contacts"]');
      await expect(contacts).toHaveAttribute('data-state', 'present');
      await expect(contacts.locator('[data-item-id]').first()).toContainText('Døgnenhet DPS');
      await expect(where.locator('[data-patient-banner]')).toContainText('Maja Testdal');
      for (const section of ['critical', 'medication'])
        await expect(where.locator(`[data-section="${section}"]`)).toHaveAttribute(
          'data-state',
          'present',
        );
    });

    test('what Tuva writes is in the journal, whole and once', async ({
      page,
      context,
      sandbox,
      extensionId,
    }) => {
      const where = await open({ page, context, sandbox, extensionId }, { user: 'u-psy' });
      await canBegin(where);
      await save(where);
      await isReceived(where);
      isThereOnce(sandbox);
    });

    test('what is half written is kept, and offered again', async ({
      page,
      context,
      sandbox,
      extensionId,
    }) => {
      const desk = { page, context, sandbox, extensionId };
      const before = await open(desk, { user: 'u-psy' });
      await canBegin(before);
      await evaluate(before, 'review');
      await expect(before.getByText(/Kladd lagret kl\./)).toBeVisible();
      if ('close' in before) await before.close();
      const after = await open(desk, { user: 'u-psy' });
      await canBegin(after);
      await after.getByRole('tab', { name: 'Planer' }).click();
      await after.getByRole('button', { name: 'Ny evaluering' }).click();
      await after.getByRole('button', { name: 'Fortsett på kladden' }).click();
      await expect(after.getByLabel('Teksten til fastlegen')).toHaveValue(new RegExp(SAID));
    });

    test('when the journal turns to Olav nothing of Maja is left, and when it turns back she is read anew', async ({
      page,
      context,
      sandbox,
      extensionId,
    }) => {
      const where = await open({ page, context, sandbox, extensionId }, { user: 'u-lv' });
      await shows(where, sandbox, 'p1');
      const olav = where.getByRole('heading', { name: /viser nå Olav/ });
      // The journal's word is heard from when the panel has begun to follow.
      await expect(async () => {
        await turnTo(sandbox, 'p2');
        await expect(olav).toBeVisible({ timeout: 2000 });
      }).toPass({ timeout: 20_000 });
      await isEmptyOfMaja(where);
      await turnTo(sandbox, 'p1');
      await expect(olav).toHaveCount(0);
      // A panel beside a tab that has moved meanwhile asks whether this is still the same patient.
      const same = where.getByRole('button', { name: nbFollow['ctx.moved.same'] });
      await expect(same.or(where.locator('[data-patient-banner]')).first()).toBeVisible();
      if (await same.isVisible()) await same.click();
      await shows(where, sandbox, 'p1');
    });
  });
}

async function turnTo(sandbox: Sandbox, patient: string): Promise<void> {
  const answer = await fetch(`${sandbox.ehrOrigin}/ehr/context`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: 'u-lv', patient }),
  });
  if (!answer.ok) throw new Error(await answer.text());
}
