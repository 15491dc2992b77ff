import type { Frame, Page } from '@playwright/test';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import type { Resource } from '../../src/sandbox/types.ts';
import { openAlone } from './ehr.ts';
import { fillIn, type Wanted } from './fill.ts';
import { expect } from './sandbox.ts';

/** The plan that Tuva Poliklin evaluates, and one of its goals. */
export const PLAN = 'CarePlan/p1-plan-behandling';
export const GOAL = 'Goal/p1-goal-g1';
/** What no other text in the demo says. */
export const SAID = 'Fiolinen på loftet';
export const NEXT = '2027-01-14';
export const MAJA = { user: 'u-psy', patient: 'p1' } as const;

/** The panel by itself, on Maja, until one can begin to evaluate. */
export async function openMaja(
  page: Page,
  sandbox: Sandbox,
  query: Readonly<Record<string, string>> = {},
): Promise<void> {
  await openAlone(page, sandbox, { ...MAJA, ...query });
  await canBegin(page);
}

/** The rooms behind the tabs have come, and with them the outbox. */
export async function canBegin(where: Page | Frame): Promise<void> {
  await where
    .locator('#ny-evaluering[aria-disabled="false"]')
    .waitFor({ state: 'attached', timeout: 20_000 });
}

/** Fills the form as fast as a page can, and stops where told. */
export const evaluate = (where: Page | Frame, until: Wanted['until'], said = SAID): Promise<void> =>
  where.evaluate(fillIn, { said, next: NEXT, until });

/** Through the whole form and the press, until the screen has promised to keep it. */
export async function save(where: Page | Frame, said?: string): Promise<void> {
  await evaluate(where, 'kept', said);
}

/** The draft is offered, and what was said stands in it. */
export async function goesOnWithDraft(where: Page | Frame): Promise<void> {
  await where.getByRole('tab', { name: 'Planer' }).click();
  await where.getByRole('button', { name: 'Ny evaluering' }).click();
  await where.getByRole('button', { name: 'Fortsett på kladden' }).click();
  await expect(where.getByLabel('Teksten til fastlegen')).toHaveValue(new RegExp(SAID));
}

/** How the act in the form, or in the tray where the form is closed, is doing. */
export const states = (where: Page | Frame) => where.locator('[data-outbox-state]');

export async function isReceived(where: Page | Frame, timeout = 15_000): Promise<void> {
  await expect(states(where)).toHaveAttribute('data-outbox-state', 'acked', { timeout });
}

/** What the journal holds of the evaluation in which this was said. */
export function storedOf(sandbox: Sandbox, said = SAID) {
  const { store } = sandbox;
  const holding = (type: string, text: string) =>
    store.all(type).filter(each => JSON.stringify(each).includes(text));
  const answers = holding('QuestionnaireResponse', `"${said}"`);
  const about = (type: string) =>
    answers.flatMap(({ id }) => holding(type, `QuestionnaireResponse/${id}`));
  return { answers, provenance: about('Provenance'), message: about('Communication') };
}

/** Once, whole, and about her. */
export function isThereOnce(sandbox: Sandbox, said?: string): void {
  const { answers, provenance, message } = storedOf(sandbox, said);
  expect(answers.map(({ subject }) => subject)).toEqual([{ reference: 'Patient/p1' }]);
  expect(provenance).toHaveLength(1);
  expect(message).toHaveLength(1);
}

/** Somebody else saves a resource in the journal meanwhile. */
export async function somebodyChanges(
  sandbox: Sandbox,
  ref: string,
  change: Readonly<Record<string, unknown>>,
): Promise<void> {
  const body: Resource = { ...sandbox.store.at(ref), ...typeOf(ref), ...change };
  const answer = await sandbox.store.handle(
    { method: 'PUT', path: ref, query: new URLSearchParams(), headers: new Headers(), body },
    {
      user: 'u-psy',
      patient: 'p1',
      scopes: ['patient/*.cruds'],
      purpose: undefined,
      now: () => new Date('2026-11-21T20:11:00+01:00'),
    },
  );
  expect(answer.status).toBe(200);
}

const typeOf = (ref: string) => ({ resourceType: ref.split('/')[0] ?? '' });
