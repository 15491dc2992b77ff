import { act, fireEvent, screen, waitFor, within } from '@testing-library/preact';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { AllInSight, desk, open, press, SLOW } from './changes-desk.tsx';
import { quiet } from './machine.ts';

vi.setConfig({ testTimeout: 30_000 });
beforeEach(() => vi.stubGlobal('IntersectionObserver', AllInSight));

const notices = ({ it }: Awaited<ReturnType<typeof desk>>) =>
  it.sandbox.store
    .all('Communication')
    .filter(({ category }) => JSON.stringify(category ?? '').includes('over-frist'));
const back = () =>
  screen.findByRole(
    'button',
    {
      name: /5 endringer er ikke besvart av Ingrid Fastlund, over fristen 19\.11\.2026 kl\. 15\.00/,
    },
    SLOW,
  );
const remind = () =>
  screen.findByRole('button', { name: 'Send påminnelse til Ingrid Fastlund' }, SLOW);

describe('past the deadline', () => {
  test('it is back with the sender, who reminds the GP once; then it is said that it was done', async () => {
    const sender = await desk({ user: 'u-psy', patient: 'p1' });
    fireEvent.click(await back());
    fireEvent.click(await remind());
    press('Ja, send');
    await waitFor(() => expect(notices(sender)).toHaveLength(1), SLOW);
    await screen.findAllByText(
      'Meldt til Ingrid Fastlund 21.11.2026 at fristen er ute, ikke kvittert som lest',
      {},
      SLOW,
    );
    expect(screen.queryByRole('button', { name: /^Send påminnelse/ })).toBeNull();
    expect(sender.it.sandbox.store.at('Task/p1-changes')?.meta?.versionId).toBe('1');
    sender.crash();

    // And for the GP it still waits, with nothing more to tell anybody.
    const gp = await desk({ patient: 'p1', beside: sender.it });
    await open();
    await screen.findAllByText(/^Meldt til Ingrid Fastlund/, {}, SLOW);
    await screen.findAllByRole('button', { name: /^Godta/ }, SLOW);
    await waitFor(() => expect(gp.tab.outbox.storage.value.state).toBe('open'), SLOW);
    await act(quiet);
    expect(screen.queryByRole('button', { name: /^Si fra til/ })).toBeNull();
    expect(notices(gp)).toHaveLength(1);
  });

  test('the GP may be the one who says so', async () => {
    const gp = await desk({ patient: 'p1' });
    await open();
    fireEvent.click(
      await screen.findByRole(
        'button',
        { name: 'Si fra til Tuva Poliklin at fristen er ute' },
        SLOW,
      ),
    );
    screen.getByText(/Fristen 19\.11\.2026 kl\. 15\.00 er ute: 5 av 5 endringer/);
    press('Ja, send');
    await waitFor(() => expect(notices(gp)).toHaveLength(1), SLOW);
    expect(notices(gp)[0]).toMatchObject({
      recipient: [{ reference: 'PractitionerRole/u-psy' }],
      sender: { reference: 'PractitionerRole/u-gp' },
    });
  });

  test('told by the other a minute ago: nothing is sent, and that is said', async () => {
    const late = await desk({ user: 'u-psy', patient: 'p1' });
    fireEvent.click(await back());
    await remind();
    late.it.sandbox.store.load([
      {
        resourceType: 'Communication',
        id: 'told',
        status: 'completed',
        subject: { reference: 'Patient/p1' },
        category: [
          {
            coding: [{ system: 'https://example.org/fhir/CodeSystem/no-plan', code: 'over-frist' }],
          },
        ],
        partOf: [{ reference: 'Task/p1-changes' }],
      },
    ]);
    press('Send påminnelse til Ingrid Fastlund');
    press('Ja, send');
    await waitFor(
      () => expect(screen.queryByRole('button', { name: 'Ja, send' })).toBeNull(),
      SLOW,
    );
    expect(notices(late).map(({ id }) => id)).toEqual(['told']);
    expect(late.tab.outbox.items.value).toEqual([]);
  });

  test('two presses are one message', async () => {
    const sender = await desk({ user: 'u-psy', patient: 'p1' });
    fireEvent.click(await back());
    fireEvent.click(await remind());
    const yes = screen.getByRole('button', { name: 'Ja, send' });
    fireEvent.click(yes);
    fireEvent.click(yes);
    await waitFor(() => expect(notices(sender)).toHaveLength(1), SLOW);
    expect(sender.tab.outbox.items.value).toHaveLength(1);
  });

  test('nobody else is asked to tell it, and before the deadline nobody is', async () => {
    const other = await desk({ user: 'u-lv', patient: 'p1' });
    fireEvent.click(await screen.findByRole('button', { name: /^Se endringene/ }, SLOW));
    await screen.findByText('Over fristen.', {}, SLOW);
    await waitFor(() => expect(other.tab.outbox.storage.value.state).toBe('open'), SLOW);
    await act(quiet);
    expect(screen.queryByRole('button', { name: /^(?:Send påminnelse|Si fra)/ })).toBeNull();
    expect(screen.queryByRole('button', { name: /er ikke besvart av/ })).toBeNull();
    other.crash();

    await desk({ user: 'u-ger', patient: 'p2' });
    fireEvent.click(await screen.findByRole('button', { name: /^Se endringene/ }, SLOW));
    const region = await screen.findByRole('region', { name: /^Fra Arne Gerisen/ }, SLOW);
    await act(quiet);
    expect(within(region).queryByText('Over fristen.')).toBeNull();
    expect(screen.queryByRole('button', { name: /^(?:Send påminnelse|Si fra)/ })).toBeNull();
  });
});

describe('how far it has come, on the sender’s side', () => {
  test.each([
    ['requested', 'Sendt'],
    ['received', 'Levert'],
    ['accepted', 'Lest av fastlegen'],
    ['in-progress', 'Lest av fastlegen'],
  ])('a task that is %s: %s', async (status, words) => {
    await desk({
      user: 'u-ger',
      first({ sandbox: { store } }) {
        const task = store.at('Task/p2-changes');
        if (!task) throw new Error('no task');
        store.load([{ ...task, status }]);
      },
    });
    fireEvent.click(await screen.findByRole('button', { name: /^Se endringene/ }, SLOW));
    const region = await screen.findByRole('region', { name: /^Fra Arne Gerisen/ }, SLOW);
    const now = within(region)
      .getAllByRole('listitem')
      .filter(each => each.getAttribute('aria-current') === 'step');
    expect(now.map(each => each.textContent)).toEqual([`✓ ${words}`]);
  });

  test('one change that is answered: the others have been read too, whatever the task for all of it says', async () => {
    await desk({
      user: 'u-ger',
      first({ sandbox: { store } }) {
        const task = store.at('Task/p2-change-1');
        if (!task) throw new Error('no task');
        store.load([{ ...task, status: 'completed' }]);
      },
    });
    fireEvent.click(await screen.findByRole('button', { name: /^Se endringene/ }, SLOW));
    const region = await screen.findByRole('region', { name: /^Fra Arne Gerisen/ }, SLOW);
    const now = region.querySelector('.stages [aria-current="step"]');
    expect(now?.textContent).toBe('✓ Lest av fastlegen');
  });
});
