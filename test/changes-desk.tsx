import { fireEvent, render, screen, waitFor } from '@testing-library/preact';
import { expect } from 'vitest';
import { ChangesLine } from '../src/changes/ChangesLine.tsx';
import { ChangesRoom } from '../src/changes/ChangesRoom.tsx';
import { ChangesSection } from '../src/changes/ChangesSection.tsx';
import { OutboxProvider } from '../src/confirm/outbox-context.ts';
import { openRecord, RecordProvider } from '../src/record/record.ts';
import { type EhrPage, EhrPageProvider } from '../src/shell/ehr-page.ts';
import type { Bench, Wanted } from './bench.ts';
import { type Machine, machine, type TabOptions } from './machine.ts';
import { writingBench } from './proposals.ts';

type Saw = (entries: readonly { readonly isIntersecting: boolean }[]) => void;

/** Every row is on screen as soon as it is drawn. */
export class AllInSight {
  readonly #saw: Saw;
  constructor(saw: Saw) {
    this.#saw = saw;
  }
  observe() {
    this.#saw([{ isIntersecting: true }]);
  }
  disconnect() {}
}

interface Place extends Wanted {
  readonly tab?: TabOptions;
  /** What the server does to begin with. */
  readonly scenario?: object;
  /** The workstation, where another has sat before. */
  readonly at?: Machine;
  readonly ehr?: EhrPage;
  /** Before anything of it is read. */
  readonly first?: (it: Bench) => void;
}

/** Somebody at a desk with the changes of a patient on screen: `u-gp` on `p2` unless told. */
export async function desk({
  tab: options,
  scenario,
  at = machine(),
  ehr,
  first,
  ...wanted
}: Place = {}) {
  const it = await writingBench({ user: 'u-gp', patient: 'p2', ...wanted });
  if (scenario) await it.scenario(scenario);
  first?.(it);
  const name = wanted.user === 'u-psy' ? 'Tuva Poliklin' : 'Ingrid Fastlund';
  const session = { ...it.session, user: { ...it.session.user, name } };
  const tab = at.open(session, options);
  const record = openRecord(session);
  const shown = render(
    <RecordProvider value={record}>
      <EhrPageProvider value={ehr}>
        <OutboxProvider value={tab.outbox}>
          <ChangesLine />
          <ChangesRoom safety={<p>HLR-minus</p>}>
            <ChangesSection at="legemidler" />
          </ChangesRoom>
        </OutboxProvider>
      </EhrPageProvider>
    </RecordProvider>,
  );
  /** The panel goes as it goes in a crash: nothing is put away. */
  const crash = () => {
    tab.die();
    shown.unmount();
  };
  return { it, record, tab, at, crash };
}

export const SLOW = { timeout: 8000 };
export const line = () => screen.findByRole('button', { name: /venter på deg/ }, SLOW);
export const press = (name: string | RegExp) =>
  fireEvent.click(screen.getByRole('button', { name }));
export const write = (name: string | RegExp, value: string) =>
  fireEvent.input(screen.getByRole('textbox', { name }), { target: { value } });

/** The button to send with, once the disk has answered. */
export async function sendButton() {
  const button = screen.getByRole('button', { name: /^Send svar for Olav Prøvenes/ });
  await waitFor(() => expect(button.getAttribute('aria-disabled')).toBe('false'), SLOW);
  return button;
}

export async function open() {
  fireEvent.click(await line());
  await screen.findByText('HLR-minus', {}, SLOW);
}
