// One app in two shells: the same journeys, word for word, in the journal's frame and in the browser's side panel.
import type { Frame, Page } from '@playwright/test';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { openEhr, turnTo } from './ehr.ts';
import {
  canBegin,
  evaluate,
  goesOnWithDraft,
  isReceived,
  isThereOnce,
  save,
} from './evaluating.ts';
import { test as base, expect, isEmptyOfMaja, shows, showsAgain } from './extension.ts';

interface Desk {
  readonly page: Page;
  readonly sandbox: Sandbox;
  readonly openFromJournal: (tab: Page) => Promise<Page>;
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
  async 'in the browser’s side panel'({ page, sandbox, openFromJournal }, query) {
    await page.goto(`${sandbox.ehrOrigin}/?${new URLSearchParams(query)}`);
    return openFromJournal(page);
  },
};

interface Fixtures {
  /** Opens the journal, and Sideplan beside it. */
  open: (query: Query) => Promise<Page | Frame>;
}

for (const [place, shell] of Object.entries(SHELLS)) {
  const test = base.extend<Fixtures>({
    open: async ({ page, sandbox, openFromJournal }, use) => {
      await use(query => shell({ page, sandbox, openFromJournal }, query));
    },
  });

  test.describe(place, () => {
    test('the duty doctor sees whom to call, what to avoid and what Maja takes, and logs in nowhere', async ({
      sandbox,
      open,
    }) => {
      const where = await open({ user: 'u-lv' });
      await shows(where, sandbox, 'p1');
      const contacts = where.locator('[data-section="contacts"]');
      await expect(contacts).toHaveAttribute('data-state', 'present');
      await expect(contacts.locator('[data-item-id]').first()).toContainText('Døgnenhet DPS');
      await expect(where.locator('[data-patient-banner]')).toContainText('Maja Testdal');
      for (const [section, what] of [
        ['critical', 'Trimetoprim'],
        ['medication', 'sertralin'],
      ] as const) {
        const found = where.locator(`[data-section="${section}"]`);
        await expect(found).toHaveAttribute('data-state', 'present');
        await expect(found.locator('[data-item-id]').filter({ hasText: what })).not.toHaveCount(0);
      }
    });

    test('what Tuva writes is in the journal, whole and once', async ({ sandbox, open }) => {
      const where = await open({ user: 'u-psy' });
      await canBegin(where);
      await save(where);
      await isReceived(where);
      isThereOnce(sandbox);
    });

    test('what is half written is kept, and offered again', async ({ open }) => {
      const before = await open({ user: 'u-psy' });
      await canBegin(before);
      await evaluate(before, 'review');
      await expect(before.getByText(/Kladd lagret kl\./)).toBeVisible();
      if ('close' in before) await before.close();
      const after = await open({ user: 'u-psy' });
      await canBegin(after);
      await goesOnWithDraft(after);
    });

    test('when the journal turns to Olav nothing of Maja is left, and when it turns back she is read anew', async ({
      sandbox,
      open,
    }) => {
      const where = await open({ user: 'u-lv' });
      await shows(where, sandbox, 'p1');
      const olav = where.getByRole('heading', { name: /viser nå Olav/ });
      // The journal's word is heard from when the panel has begun to follow.
      await expect(async () => {
        await turnTo(sandbox, 'p2');
        await expect(olav).toBeVisible({ timeout: 2000 });
      }).toPass({ timeout: 20_000 });
      await isEmptyOfMaja(where);
      const meanwhile = 'kodein, forskrevet imens';
      sandbox.store.load([prescribed(meanwhile)]);
      await turnTo(sandbox, 'p1');
      await expect(olav).toHaveCount(0);
      await showsAgain(where, sandbox, 'p1');
      await expect(where.locator('[data-section="medication"]')).toContainText(meanwhile);
    });
  });
}

const prescribed = (text: string) => ({
  resourceType: 'MedicationRequest',
  id: 'p1-imens',
  status: 'active',
  intent: 'order',
  subject: { reference: 'Patient/p1' },
  medicationCodeableConcept: { text },
});
