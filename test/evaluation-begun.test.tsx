import { fireEvent, render, screen, within } from '@testing-library/preact';
import { describe, expect, test } from 'vitest';
import { openAutosave } from '../src/evaluation/autosave.ts';
import { type Filling, fill } from '../src/evaluation/filling.ts';
import { Steps } from '../src/evaluation/Steps.tsx';
import type { Raw } from '../src/fhir/ask.ts';
import { RecordProvider } from '../src/record/record.ts';
import { type EhrPage, EhrPageProvider } from '../src/shell/ehr-page.ts';
import { recordOf } from './hand-made.tsx';
import { ownOccasion } from './hand-made-form.ts';
import { machine } from './machine.ts';

const record = recordOf();

/** What somebody has begun to order for the patient on screen and not signed. */
const order = (what: string, more: Raw = {}): Raw => ({
  resourceType: 'MedicationRequest',
  status: 'draft',
  intent: 'order',
  medicationCodeableConcept: { text: what },
  subject: { reference: record.session.patient },
  ...more,
});

/** The step about changes, in a journal that answers so. */
function step(scratchpad?: EhrPage['scratchpad']): Filling {
  const { outbox } = machine().open(record.session);
  const draft = { name: 'evaluation', plan: 'CarePlan/1' };
  const autosave = openAutosave(outbox.drafts, draft, () => new Date(0));
  const filling = fill(ownOccasion(), autosave, undefined);
  filling.go(filling.pages.findIndex(({ text }) => text === 'Endringer i behandlingen'));
  render(
    <RecordProvider value={record}>
      <EhrPageProvider value={scratchpad && { scratchpad, openMedications: async () => false }}>
        <Steps filling={filling} />
      </EhrPageProvider>
    </RecordProvider>,
  );
  return filling;
}

const changes = ({ items }: Filling) =>
  items.value.flatMap(({ item }) => item ?? []).filter(({ linkId }) => linkId === 'change');
const offered = () => screen.findByRole('region', { name: 'Usignerte forordninger' });
const nothingOffered = async () => {
  await new Promise(resolve => {
    setTimeout(resolve, 20);
  });
  expect(screen.queryByRole('region', { name: 'Usignerte forordninger' })).toBeNull();
  expect(document.body.textContent).not.toContain('journalen');
};

describe('what is begun in the journal and not signed', () => {
  test('is offered, and is a change only when somebody has pressed', async () => {
    const dosageInstruction = [{ text: '150 mg om morgenen' }];
    const it = step(async () => [order('sertralin', { dosageInstruction }), order('melatonin')]);
    const rows = within(await offered()).getAllByRole('listitem');
    expect(rows.map(({ textContent }) => textContent)).toEqual([
      'sertralin 150 mg om morgenen – begynt i journalen, ikke signertTa med som endring',
      'melatonin – begynt i journalen, ikke signertTa med som endring',
    ]);
    expect(changes(it)).toEqual([]);

    fireEvent.click(screen.getByRole('button', { name: 'Ta med som endring: sertralin' }));
    expect(screen.getByRole('textbox', { name: /Hva$/ })).toHaveProperty('value', 'sertralin');
    expect(screen.getByRole('textbox', { name: /Fra$/ })).toHaveProperty('value', '');
    expect(screen.getByRole('textbox', { name: /Til$/ })).toHaveProperty(
      'value',
      '150 mg om morgenen',
    );
    expect(changes(it).map(({ item }) => item?.map(({ linkId }) => linkId))).toEqual([
      ['kind', 'what', 'to'],
    ]);
    expect(rows[0]?.textContent).toContain('Tatt med som endring');
    await expect.poll(() => document.activeElement?.getAttribute('data-link-id')).toBe('change');

    // Thought better of: it can be taken again.
    fireEvent.click(screen.getByRole('button', { name: 'Fjern Endring 1' }));
    expect(changes(it)).toEqual([]);
    expect(screen.getByRole('button', { name: 'Ta med som endring: sertralin' })).toBeTruthy();
  });

  test('is this patient’s, unsigned and a medicine, or it is not spoken of', async () => {
    step(async () => [
      order('kvetiapin', { subject: { reference: 'Patient/p2' } }),
      order('oksazepam', { subject: undefined }),
      order('zopiklon', { status: 'active' }),
      order('blodprøve', { resourceType: 'ServiceRequest' }),
    ]);
    await nothingOffered();
  });

  test('and says «not», or cannot be understood, is counted and never filled in', async () => {
    step(async () => [
      order('sertralin'),
      order('litium', { doNotPerform: true }),
      order('klozapin', { modifierExtension: [{ url: 'https://example.org/unless' }] }),
      order('', { medicationCodeableConcept: undefined }),
    ]);
    const region = await offered();
    expect(within(region).getAllByRole('button')).toHaveLength(1);
    expect(region.textContent).toContain(
      '3 til er begynt i journalen og kan ikke leses trygt her. Se journalen.',
    );
    expect(region.textContent).not.toMatch(/litium|klozapin/);
  });

  test('with a dose in codes only, says where to read it', async () => {
    const dosageInstruction = [{ doseAndRate: [{ doseQuantity: { value: 150, unit: 'mg' } }] }];
    const it = step(async () => [order('sertralin', { dosageInstruction })]);
    expect((await offered()).textContent).toContain('(dosen må leses i journalen)');
    fireEvent.click(screen.getByRole('button', { name: 'Ta med som endring: sertralin' }));
    expect(JSON.stringify(changes(it))).not.toContain('150');
  });

  test('while the form was open, is offered when somebody comes back to the panel', async () => {
    let begun: readonly Raw[] = [];
    step(async () => begun);
    await nothingOffered();
    begun = [order('sertralin')];
    window.dispatchEvent(new Event('focus'));
    await offered();
    begun = [];
    window.dispatchEvent(new Event('focus'));
    await expect.poll(() => screen.queryByRole('region')).toBeNull();
  });

  test.each([
    ['does not speak with the panel', undefined],
    ['does not answer', async () => undefined],
  ])('in a journal that %s, is not spoken of', async (_, scratchpad) => {
    step(scratchpad);
    await nothingOffered();
  });
});
