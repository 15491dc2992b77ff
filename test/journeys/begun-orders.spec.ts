// What the user has begun in the journal and not signed, seen from the evaluation (SMART Web Messaging, `scratchpad.read`).
import { openEhr } from './ehr.ts';
import { evaluate, MAJA } from './evaluating.ts';
import { expect, test } from './sandbox.ts';

test('an order begun in the journal beside is offered as a change, and taken over with one press', async ({
  page,
  sandbox,
}) => {
  const panel = await openEhr(page, sandbox, MAJA);
  const begin = panel.locator('#ny-evaluering[aria-disabled="false"]');
  await begin.waitFor({ state: 'attached', timeout: 20_000 });
  const chart = page.locator('[data-chart="patient"]');
  const order = async (what: string) => {
    await chart.getByLabel('Legemiddel og dose').fill(what);
    await chart.getByRole('button', { name: 'Legg til' }).click();
  };
  await chart.getByText('Forordninger du ikke har signert').click();
  await order('Sertralin 150 mg');

  const frame = await (await begin.elementHandle())?.ownerFrame();
  if (!frame) throw new Error('the panel is not in the page');
  await evaluate(frame, 'form');
  const title = panel.locator('.step-title');
  while (!(await title.textContent())?.includes('Endringer i behandlingen'))
    await panel.getByRole('button', { name: /^Neste:/ }).click();

  const offered = panel.getByRole('region', { name: 'Usignerte forordninger' });
  await expect(offered.getByRole('listitem')).toHaveText([
    /^Sertralin 150 mg – begynt i journalen, ikke signert/,
  ]);
  await expect(panel.getByRole('textbox', { name: /Hva$/ })).toHaveCount(0);
  // One more, begun while the form is open.
  await order('Melatonin 3 mg');
  await panel.locator('.step-title').click();
  await expect(offered.getByRole('listitem')).toHaveCount(2);
  await offered.getByRole('button', { name: 'Ta med som endring: Sertralin 150 mg' }).click();
  await expect(panel.getByRole('textbox', { name: /Hva$/ })).toHaveValue('Sertralin 150 mg');
  await expect(panel.getByRole('combobox', { name: /Gjelder/ })).toHaveValue('0');
  await expect(panel.getByRole('group', { name: 'Endring 1' })).toBeFocused();
  await expect(offered.getByText('Tatt med som endring')).toHaveCount(1);
});

test('by itself, where no journal stands around it, the step says nothing of orders', async ({
  page,
  sandbox,
}) => {
  await page.goto(`${sandbox.ehrOrigin}/ehr/launch?${new URLSearchParams(MAJA)}`);
  await page.locator('#ny-evaluering[aria-disabled="false"]').waitFor({ state: 'attached' });
  await evaluate(page, 'form');
  const title = page.locator('.step-title');
  while (!(await title.textContent())?.includes('Endringer i behandlingen'))
    await page.getByRole('button', { name: /^Neste:/ }).click();
  await expect(page.getByRole('button', { name: 'Legg til: endring' })).toBeVisible();
  await page.waitForTimeout(500);
  await expect(page.getByRole('region', { name: 'Usignerte forordninger' })).toHaveCount(0);
});
