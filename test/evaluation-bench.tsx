import { configure, fireEvent, render, screen, within } from '@testing-library/preact';
import { expect, vi } from 'vitest';
import { OutboxProvider } from '../src/confirm/outbox-context.ts';
// The product fetches it when it is asked for; here it is fetched before the first test begins to wait.
import '../src/evaluation/Evaluation.tsx';
import { EvaluationRoom } from '../src/evaluation/EvaluationRoom.tsx';
import { NewEvaluation } from '../src/evaluation/NewEvaluation.tsx';
import type { Session } from '../src/fhir/session.ts';
import { Plans } from '../src/plan/Plans.tsx';
import { openRecord, type PatientRecord, RecordProvider } from '../src/record/record.ts';
import type { Bench, Wanted } from './bench.ts';
import { type Machine, machine, type Tab, type TabOptions } from './machine.ts';
import { writingBench } from './proposals.ts';

// happy-dom has none; what the product reports, a test must hear.
globalThis.reportError = error => {
  throw error;
};

// Two cores may have much to do; no test here is about how long it takes.
configure({ asyncUtilTimeout: 10_000 });
vi.setConfig({ testTimeout: 60_000 });
export const until = <T,>(look: () => T) => expect.poll(look, { timeout: 10_000 });

/** The Plans tab at somebody's desk: the sandbox's record, a disk of its own, and the room as the product puts it up. */
export interface Desk {
  readonly it: Bench;
  readonly session: Session;
  readonly on: Machine;
  readonly tab: Tab;
  readonly record: PatientRecord;
  /** The form is taken away and the tab opened anew, at the same desk. */
  readonly again: (tab?: TabOptions) => Promise<Desk>;
}

interface Place extends Wanted {
  readonly tab?: TabOptions;
}

export async function desk({ tab, ...wanted }: Place = {}): Promise<Desk> {
  const it = await writingBench(wanted);
  const fhirUser = `${it.session.iss}/Practitioner/${wanted.user ?? 'u-psy'}`;
  const user = { ...it.session.user, name: 'Tuva Poliklin', fhirUser };
  return sit(it, { ...it.session, user }, machine(), tab);
}

async function sit(
  it: Bench,
  session: Session,
  on: Machine,
  options: TabOptions = {},
): Promise<Desk> {
  const tab = on.open(session, options);
  const record = openRecord(session);
  const { unmount } = render(
    <RecordProvider value={record}>
      <OutboxProvider value={tab.outbox}>
        <EvaluationRoom>
          <Plans evaluate={<NewEvaluation />} />
        </EvaluationRoom>
      </OutboxProvider>
    </RecordProvider>,
  );
  return {
    it,
    session,
    on,
    tab,
    record,
    async again(as) {
      unmount();
      await tab.leave().catch(() => {});
      return sit(it, session, on, as ?? options);
    },
  };
}

export const opener = () => screen.getByRole('button', { name: 'Ny evaluering' });
export const press = (name: string | RegExp) =>
  fireEvent.click(screen.getByRole('button', { name }));
export const step = () =>
  screen.queryByRole('heading', { level: 3, name: /^Steg|^Se over/ })?.textContent;
export const write = (name: string | RegExp, value: string) =>
  fireEvent.input(screen.getByRole('textbox', { name }), { target: { value } });
export const choose = (group: string | RegExp, option: string) =>
  fireEvent.click(
    within(screen.getByRole('radiogroup', { name: group })).getByRole('radio', { name: option }),
  );

/** «Ny evaluering», as soon as it can be pressed. */
export async function opened(): Promise<void> {
  await until(() => opener().getAttribute('aria-disabled')).toBe('false');
  fireEvent.click(opener());
  await screen.findByRole('heading', { name: /^Ny evaluering – / });
}

/** The form is open on its first step, for the plan that is proposed. */
export async function begun(): Promise<void> {
  await opened();
  fireEvent.click(await screen.findByRole('button', { name: 'Begynn' }));
  await until(step).toMatch(/^Steg 1/);
}

export async function next(): Promise<void> {
  const from = step();
  press(/^Neste: |^Se over og send$/);
  await until(step).not.toBe(from);
}

export async function toReview(): Promise<void> {
  while (!step()?.startsWith('Se over')) await next();
}
