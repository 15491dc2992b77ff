import { render, screen } from '@testing-library/preact';
import { describe, expect, test } from 'vitest';
import { OutboxProvider } from '../src/confirm/outbox-context.ts';
import { openAutosave } from '../src/evaluation/autosave.ts';
import { EvaluationRoom } from '../src/evaluation/EvaluationRoom.tsx';
import { fill } from '../src/evaluation/filling.ts';
import { NewEvaluation } from '../src/evaluation/NewEvaluation.tsx';
import { Review } from '../src/evaluation/Review.tsx';
import { Plans } from '../src/plan/Plans.tsx';
import type { Occasion } from '../src/record/evaluating/evaluating.ts';
import { type PatientRecord, RecordProvider } from '../src/record/record.ts';
import { amina, known, plan, recordOf, show } from './hand-made.tsx';
import { ownOccasion } from './hand-made-form.ts';
import { machine } from './machine.ts';

const user = { sub: 'u-psy', name: 'Tuva Poliklin', fhirUser: undefined };
const text = () => document.body.textContent;

function review(about: Partial<Occasion>, record: PatientRecord = recordOf()) {
  const session = { ...record.session, user };
  const { outbox } = machine().open(session);
  const own = ownOccasion('nb', about);
  const autosave = openAutosave(
    outbox.drafts,
    { name: 'evaluation', plan: 'CarePlan/1' },
    () => new Date(0),
  );
  render(
    <RecordProvider value={{ ...record, session }}>
      <OutboxProvider value={outbox}>
        <Review filling={fill(own, autosave, undefined)} sent={() => {}} />
      </OutboxProvider>
    </RecordProvider>,
  );
}

const tab = (record: PatientRecord) =>
  show(
    record,
    <EvaluationRoom>
      <Plans evaluate={<NewEvaluation />} />
    </EvaluationRoom>,
  );
const opener = () => screen.getByRole('button', { name: 'Ny evaluering' });
const why = () =>
  document.getElementById(opener().getAttribute('aria-describedby') ?? '')?.textContent;

describe('what is NOT written here is said before anything is sent', () => {
  test('the parts the journal does not take', () => {
    review({ takes: { how: 'less', without: ['goals', 'plan'] } });
    expect(text()).toContain(
      'Dette skrives IKKE, fordi Fjordvik journal ikke tar imot det: status på målene, neste dato i planen',
    );
  });

  test('everything but a document', () => {
    review({ takes: { how: 'document' } });
    expect(text()).toContain('Fjordvik journal tar imot evalueringen bare som et dokument.');
    expect(text()).toContain('Meldingen til fastlegen kan ikke sendes herfra.');
  });

  test('the message, where nobody is named as the patient’s GP', () => {
    review({ doctor: undefined });
    expect(text()).toContain('Journalen oppgir ikke fastlege.');
    expect(screen.queryByRole('textbox')).toBeNull();
  });
});

test('C06: in a record that has been merged into another nothing can be sent, and it says why', () => {
  review({}, recordOf({ patient: known([{ ...amina, replaced: true }]) }));
  expect(text()).toContain('Denne journalen er slått sammen med en annen.');
  expect(
    screen.getByRole('button', { name: /^Fullfør og del/ }).getAttribute('aria-disabled'),
  ).toBe('true');
});

describe('«Ny evaluering» stands in the heading of the evaluations, and says why where it cannot be used', () => {
  test('a plan that is in force can be evaluated', () => {
    tab(recordOf({ plans: known([plan({ kind: 'treatment' })]) }));
    expect(opener().getAttribute('aria-disabled')).toBe('false');
    expect(why()).toBeUndefined();
  });

  test.each([
    ['no plan', [], 'Det må finnes en plan som gjelder nå, før den kan evalueres.'],
    [
      'a plan that has ended',
      [plan({ standing: 'ended' })],
      'Det må finnes en plan som gjelder nå, før den kan evalueres.',
    ],
    [
      'a plan on paper',
      [plan({ document: { date: '2024-09-02', restricted: false } })],
      'Planen finnes bare som dokument. Den kan evalueres i journalen, men ikke herfra.',
    ],
  ])('%s', (_, plans, sentence) => {
    tab(recordOf({ plans: known(plans) }));
    expect(opener().getAttribute('aria-disabled')).toBe('true');
    expect(why()).toBe(sentence);
  });

  test.each([
    ['C06 merged', { replaced: true }, /slått sammen med en annen/],
    ['C06 inactive', { inactive: true }, /er ikke aktiv/],
  ])('a record that is %s', (_, more, sentence) => {
    const patient = known([{ ...amina, ...more }]);
    tab(recordOf({ patient, plans: known([plan()]) }));
    expect(opener().getAttribute('aria-disabled')).toBe('true');
    expect(why()).toMatch(sentence);
  });

  test('while the plans are on their way', () => {
    tab(recordOf({ plans: { state: 'loading' } }));
    expect(why()).toBe('Planene hentes fortsatt.');
  });
});
