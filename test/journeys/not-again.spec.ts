// What is written once stays written, and may be pasted (CATALOGUE A10; WCAG 2.2, 3.3.7 and 3.3.8).
import type { Page } from '@playwright/test';
import { evaluate, openMaja } from './evaluating.ts';
import { expect, test } from './sandbox.ts';

const HELPED = 'Limt inn fra journalnotatet';

const helped = (page: Page) => page.locator('[data-link-id="helped"] textarea');

test('A10 redundant-entry-auth: pasted once, and there after a step back, a refused review and a new launch', async ({
  page,
  context,
  sandbox,
}) => {
  test.slow();
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await openMaja(page, sandbox);
  await evaluate(page, 'form');
  await goToHelped(page);
  await page.evaluate(text => navigator.clipboard.writeText(text), HELPED);
  await helped(page).focus();
  await page.keyboard.press('Control+V');
  await expect(helped(page)).toHaveValue(HELPED);

  await back(page).click();
  await expect(helped(page)).toHaveCount(0);
  await goToHelped(page);
  await expect(helped(page)).toHaveValue(HELPED);

  const review = page.getByRole('button', { name: 'Se over og send' });
  while (!(await review.isVisible())) await page.getByRole('button', { name: /^Neste:/ }).click();
  await review.click();
  const lack = page.locator('.evaluation.review .checked .warn button').first();
  await lack.click();
  await goToHelped(page);
  await expect(helped(page)).toHaveValue(HELPED);
  await expect(page.getByText(/Kladd lagret kl\./)).toBeVisible();

  await openMaja(page, sandbox);
  await page.getByRole('tab', { name: 'Planer' }).click();
  await page.getByRole('button', { name: 'Ny evaluering' }).click();
  await page.getByRole('button', { name: 'Fortsett på kladden' }).click();
  await goToHelped(page);
  await expect(helped(page)).toHaveValue(HELPED);
  // To log in is the journal's: nobody is ever asked for a password or a number here.
  await expect(page.locator('input[type="password"], [autocomplete="one-time-code"]')).toHaveCount(
    0,
  );
});

const back = (page: Page) =>
  page
    .locator('.evaluation')
    .getByRole('button', { name: /^Tilbake/ })
    .first();

/** To the step where one is asked what helped, from whichever step one is on. */
async function goToHelped(page: Page): Promise<void> {
  const title = page.locator('.evaluation .step-title');
  await expect(title).toBeVisible();
  for (let step = 0; step < 8 && !(await helped(page).isVisible()); step += 1) {
    const [, nth] = /^Steg (\d)/.exec((await title.textContent()) ?? '') ?? [];
    if (nth && Number(nth) < 3) await page.getByRole('button', { name: /^Neste:/ }).click();
    else await back(page).click();
  }
  await expect(helped(page)).toBeVisible();
}
