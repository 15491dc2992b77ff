import { act, fireEvent, screen, waitFor } from '@testing-library/preact';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { desk, open, press, SLOW } from './changes-desk.tsx';

vi.setConfig({ testTimeout: 30_000 });

type Saw = (entries: readonly { readonly isIntersecting: boolean }[]) => void;
const watched = new Map<Element, Saw>();

/** A row is on screen when somebody has come so far down. */
class AsSomebodyReads {
  readonly #saw: Saw;
  readonly #at = new Set<Element>();
  constructor(saw: Saw) {
    this.#saw = saw;
  }
  observe(element: Element) {
    this.#at.add(element);
    watched.set(element, this.#saw);
  }
  disconnect() {
    for (const element of this.#at) watched.delete(element);
  }
}
beforeEach(() => {
  watched.clear();
  vi.stubGlobal('IntersectionObserver', AsSomebodyReads);
});

const rest = () => screen.findByRole('button', { name: /^Godta de \d andre for Olav/ }, SLOW);
const whyNot = async () => {
  const id = (await rest()).getAttribute('aria-describedby');
  return id ? document.getElementById(id)?.textContent : undefined;
};
/** Comes down to this row, and no further. */
const reach = (text: RegExp): void =>
  void act(() => {
    for (const [element, saw] of watched)
      if (text.test(element.closest('.change')?.textContent ?? '')) saw([{ isIntersecting: true }]);
  });

describe('accepting the rest at once', () => {
  test('not while a discrepancy is open, a blood thinner is unanswered or one row has not been on screen', async () => {
    const { it } = await desk({ sources: [{ kind: 'sfm', at: 'sfm' }] });
    await open();
    await waitFor(async () => expect(await whyNot()).toMatch(/så lenge 2 avvik er åpne/), SLOW);
    for (const box of screen.getAllByRole('checkbox', { name: /^Be / })) fireEvent.click(box);
    expect(await whyNot()).toMatch(/til du har svart på apiksaban .* for seg/);
    press(/^Godta apiksaban/);
    expect(await whyNot()).toMatch(/til du har sett alle endringene/);

    for (const row of [/furosemid/, /dapagliflozin/, /metformin/, /tamsulosin/, /ramipril/])
      reach(row);
    expect(await whyNot()).toMatch(/til du har sett alle endringene/);
    fireEvent.click(await rest());
    expect(screen.getAllByText('Godtas')).toHaveLength(1);

    reach(/zopiklon/);
    await waitFor(async () => expect(await whyNot()).toBeUndefined(), SLOW);
    fireEvent.click(await rest());
    await waitFor(() => expect(screen.getAllByText('Godtas')).toHaveLength(7), SLOW);
    expect(it.sandbox.store.at('Task/p2-change-1')?.meta?.versionId).toBe('1');
  });

  test('what somebody is writing about is not accepted with the rest', async () => {
    await desk({ sources: [{ kind: 'sfm', at: 'sfm' }] });
    await open();
    await waitFor(async () => expect(await whyNot()).toMatch(/avvik er åpne/), SLOW);
    for (const box of screen.getAllByRole('checkbox', { name: /^Be / })) fireEvent.click(box);
    press(/^Godta apiksaban/);
    press(/^Avvis zopiklon/);
    for (const row of [/furosemid/, /dapagliflozin/, /metformin/, /tamsulosin/, /ramipril/])
      reach(row);
    await waitFor(async () => expect(await whyNot()).toBeUndefined(), SLOW);
    fireEvent.click(await rest());
    await waitFor(() => expect(screen.getAllByText('Godtas')).toHaveLength(6), SLOW);
    screen.getByRole('heading', { name: /^Avvis zopiklon/ });
  });
});

describe('where not all of the medication list has been read', () => {
  const NOT_ALL = /^Hele legemiddellisten er ikke lest\. .*gjelder bare det som er lest\./;
  const ROWS = [/furosemid/, /dapagliflozin/, /metformin/, /tamsulosin/, /ramipril/, /zopiklon/];

  test.each([
    ['the journal does not answer', [], { match: 'GET /fhir/Medication', status: 500 }],
    ['the journal does not let us', [], { match: 'GET /fhir/Medication', status: 403 }],
    ['one of two sources is silent', ['sfm' as const], { match: '/sfm/', status: 500 }],
  ])('%s: it is said, and the rest is not accepted together', async (_, kinds, scenario) => {
    const sources = kinds.map(kind => ({ kind, at: kind }));
    await desk({ sources, scenario });
    await open();
    await screen.findByText(NOT_ALL, {}, SLOW);
    expect(screen.queryByText('Finner ikke legemiddelet i listen.')).toBeNull();
    for (const box of screen.queryAllByRole('checkbox', { name: /^Be / })) fireEvent.click(box);
    press(/^Godta apiksaban/);
    for (const row of ROWS) reach(row);
    expect(await whyNot()).toMatch(/til legemiddellisten er lest/);
    fireEvent.click(await rest());
    expect(screen.getAllByText('Godtas')).toHaveLength(1);
    press('Se over og send svar');
    screen.getByText(/ikke lest, og det kan finnes avvik som ikke vises\.$/);
  });

  test('nobody is told that a medicine is not in a list that could not be read', async () => {
    await desk({ scenario: { match: 'GET /fhir/Medication', status: 500 } });
    await open();
    await screen.findByText(NOT_ALL, {}, SLOW);
    expect(
      screen.getAllByText('Finner ikke legemiddelet i det som er lest av listen.').length,
    ).toBeGreaterThan(5);
  });

  test('when all of it has been read, nothing is said to be missing', async () => {
    await desk({ sources: [{ kind: 'sfm', at: 'sfm' }] });
    await open();
    await waitFor(async () => expect(await whyNot()).toMatch(/avvik er åpne/), SLOW);
    expect(screen.queryByText(NOT_ALL)).toBeNull();
    press(/^Godta apiksaban/);
    press('Se over og send svar');
    screen.getByText('2 avvik er fortsatt åpne.');
    expect(screen.queryByText(/avvik som ikke vises/)).toBeNull();
  });
});
