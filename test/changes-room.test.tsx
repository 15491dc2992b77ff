import { fireEvent, render, screen, waitFor, within } from '@testing-library/preact';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { ChangesLine } from '../src/changes/ChangesLine.tsx';
import { ChangesRoom } from '../src/changes/ChangesRoom.tsx';
import { ChangesSection } from '../src/changes/ChangesSection.tsx';
import { OutboxProvider } from '../src/confirm/outbox-context.ts';
import { openRecord, RecordProvider } from '../src/record/record.ts';
import type { Wanted } from './bench.ts';
import { machine, type TabOptions } from './machine.ts';
import { writingBench } from './proposals.ts';

/** Every row is on screen as soon as it is drawn. */
class AllInSight {
  readonly #saw: (entries: readonly { readonly isIntersecting: boolean }[]) => void;
  constructor(saw: (entries: readonly { readonly isIntersecting: boolean }[]) => void) {
    this.#saw = saw;
  }
  observe() {
    this.#saw([{ isIntersecting: true }]);
  }
  disconnect() {}
}
vi.setConfig({ testTimeout: 30_000 });
beforeEach(() => vi.stubGlobal('IntersectionObserver', AllInSight));

interface Place extends Wanted {
  readonly tab?: TabOptions;
  /** What the server does to begin with. */
  readonly scenario?: object;
}

async function desk({ tab: options, scenario, ...wanted }: Place = {}) {
  const it = await writingBench({ user: 'u-gp', patient: 'p2', ...wanted });
  if (scenario) await it.scenario(scenario);
  const session = { ...it.session, user: { ...it.session.user, name: 'Ingrid Fastlund' } };
  const tab = machine().open(session, options);
  const record = openRecord(session);
  render(
    <RecordProvider value={record}>
      <OutboxProvider value={tab.outbox}>
        <ChangesLine />
        <ChangesRoom safety={<p>HLR-minus</p>}>
          <ChangesSection at="legemidler" />
        </ChangesRoom>
      </OutboxProvider>
    </RecordProvider>,
  );
  return { it, record, tab };
}

const SLOW = { timeout: 8000 };
const line = () => screen.findByRole('button', { name: /venter på deg/ }, SLOW);
const press = (name: string | RegExp) => fireEvent.click(screen.getByRole('button', { name }));
const write = (name: string | RegExp, value: string) =>
  fireEvent.input(screen.getByRole('textbox', { name }), { target: { value } });
const denied = () => {
  throw new DOMException('denied', 'SecurityError');
};
/** The button to send with, once the disk has answered. */
async function sendButton() {
  const button = screen.getByRole('button', { name: /^Send svar for Olav Prøvenes/ });
  await waitFor(() => expect(button.getAttribute('aria-disabled')).toBe('false'), SLOW);
  return button;
}
async function open() {
  fireEvent.click(await line());
  await screen.findByText('HLR-minus', {}, SLOW);
}

describe('on the GP’s first screen', () => {
  test('past the deadline it says so, to the GP and in the list of what was sent', async () => {
    await desk({ patient: 'p1' });

    expect((await line()).textContent).toContain(
      '5 endringer venter på deg, over fristen 19.11.2026 kl. 15.00',
    );
    expect(screen.getByText('over fristen 19.11.2026 kl. 15.00').className).toBe('warn');
  });

  test('what cannot be read is said to be unread, never that nothing waits; and it can be tried again', async () => {
    const { it } = await desk({ scenario: { match: 'GET /fhir/Task', status: 500 } });
    await screen.findByText('Endringene kunne ikke leses nå.', {}, SLOW);
    expect(screen.queryByRole('button', { name: /venter på deg/ })).toBeNull();
    await it.scenario();
    press('Prøv igjen');
    await line();
  });
});

describe('deciding', () => {
  test('no adjustment without what and why, and no rejection without why', async () => {
    await desk();
    await open();
    press(/^Tilpass ramipril/);
    press('Lagre tilpasning');
    expect(screen.getByRole('alert').textContent).toBe('Velg hva som skal gjelde.');
    fireEvent.click(screen.getByRole('radio', { name: 'Behold som før: ramipril 5 mg' }));
    press('Lagre tilpasning');
    expect(screen.getByRole('alert').textContent).toBe('Skriv hvorfor.');
    write(/Hvorfor/, 'Han tåler det.');
    press('Lagre tilpasning');
    screen.getByText('Tilpasses til «ramipril 5 mg»');

    press(/^Avvis zopiklon/);
    write(/Hvorfor/, '   ');
    press('Lagre avvisning');
    expect(screen.getByRole('alert').textContent).toBe('Skriv hvorfor.');
    press('Avbryt');
    screen.getByRole('button', { name: /^Godta zopiklon/ });
  });

  test('undone, it is as if nothing was decided, and there is nothing to send', async () => {
    await desk();
    await open();
    press(/^Godta ramipril/);
    expect(
      screen.getByRole('button', { name: 'Se over og send svar' }).getAttribute('aria-disabled'),
    ).toBe('false');
    press(/^Angre svaret på ramipril/);
    expect(
      screen.getByRole('button', { name: 'Se over og send svar' }).getAttribute('aria-disabled'),
    ).toBe('true');
    press('Se over og send svar');
    expect(screen.queryByRole('heading', { name: /Se over svaret/ })).toBeNull();
  });

  test('«ikke min pasient lenger» asks once, shows what is sent, and sends it all back', async () => {
    const { it } = await desk();
    await open();
    press('Ikke min pasient lenger');
    press('Ja, send tilbake');
    await screen.findByRole('heading', { name: /Se over svaret til Arne Gerisen/ });
    fireEvent.click(await sendButton());
    await waitFor(
      () => expect(it.sandbox.store.at('Task/p2-changes')).toMatchObject({ status: 'rejected' }),
      SLOW,
    );
    expect(it.sandbox.store.at('Task/p2-change-1')).toMatchObject({
      statusReason: { text: 'Ikke min pasient lenger' },
    });
  });

  test('on a machine that keeps nothing it is said before the press, and the answer arrives all the same', async () => {
    const { it } = await desk({ tab: { indexedDB: denied } });
    await open();
    press(/^Godta ramipril/);
    await screen.findByText(/^IKKE lagret på denne maskinen/, {}, SLOW);
    press('Se over og send svar');
    screen.getByText(/^Svaret kan ikke lagres på denne maskinen/);
    const send = await sendButton();
    expect(send.textContent).toContain('uten å lagre her');
    fireEvent.click(send);
    await waitFor(
      () => expect(it.sandbox.store.at('Task/p2-change-2')).toMatchObject({ status: 'completed' }),
      SLOW,
    );
  });

  test('two presses at once are one answer', async () => {
    const { it, tab } = await desk();
    await open();
    press(/^Godta ramipril/);
    press('Se over og send svar');
    const send = await sendButton();
    fireEvent.click(send);
    fireEvent.click(send);
    await waitFor(
      () => expect(it.sandbox.store.at('Task/p2-change-2')).toMatchObject({ status: 'completed' }),
      SLOW,
    );
    expect(tab.outbox.items.value).toHaveLength(1);
    expect(it.sandbox.store.at('Task/p2-change-2')?.meta?.versionId).toBe('2');
  });
});

describe('who has nothing to decide', () => {
  test.each([
    ['u-ger', {}, 'Venter på fastlege Ingrid Fastlund. Bare fastlegen eller vikaren kan svare.'],
    [
      'u-gp',
      { scope: 'openid fhirUser launch patient/*.rs' },
      'Du har ikke tilgang til å svare i Sandkassen.',
    ],
    ['u-gp', { server: { takes: ['Communication'] } }, 'Sandkassen tar ikke imot svar herfra.'],
  ])(
    '%s, %o: reads everything, and is told why there is nothing to press',
    async (user, more, why) => {
      await desk({ user, ...more });
      fireEvent.click(await screen.findByRole('button', { name: /^Se endringene/ }, SLOW));
      await screen.findByText(why, {}, SLOW);
      expect(
        screen.queryByRole('button', { name: /^(?:Godta|Tilpass|Avvis|Ikke min)/ }),
      ).toBeNull();
      const rows = within(screen.getByRole('region', { name: /^Fra Arne Gerisen/ }));
      expect(rows.getAllByText('Venter på fastlegen')).toHaveLength(7);
    },
  );
});
