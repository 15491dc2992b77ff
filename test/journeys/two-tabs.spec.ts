// One person, two tabs, one storage (SAFETY D12; CATALOGUE M01).
import { scenario } from './ehr.ts';
import { evaluate, isReceived, isThereOnce, openMaja, SAID, states } from './evaluating.ts';
import { expect, test } from './sandbox.ts';

test('M01 two-tabs: what one tab is sending, the other knows of and does not send too', async ({
  page,
  context,
  sandbox,
  expectProblem,
}) => {
  // Where it is sent twice after all, the journal refuses the second; it is the count that must say so.
  expectProblem(/412/);
  await openMaja(page, sandbox);
  const other = await context.newPage();
  await openMaja(other, sandbox);
  await evaluate(page, 'review');
  // Longer than the other would wait, and only the sending itself: whoever looks meanwhile finds nothing there.
  await scenario(sandbox, { match: '/^POST \\/fhir$/', nth: 1, delayMs: 3000 });
  let sent = 0;
  context.on('request', request => {
    if (request.method() !== 'GET' && request.postData()?.includes(SAID)) sent += 1;
  });
  await page.locator('.send-button').click();
  await expect(states(other)).toHaveAttribute('data-outbox-state', 'sending');
  // Somebody looks at the other tab, which is reason enough to hurry.
  await other.evaluate(() => window.dispatchEvent(new Event('online')));
  await isReceived(page);
  await expect(states(other).and(other.locator(':not([data-outbox-state="acked"])'))).toHaveCount(
    0,
  );
  expect(sent, 'how often it was sent').toBe(1);
  isThereOnce(sandbox);
});
