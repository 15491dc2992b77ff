import { fireEvent, screen, waitFor, within } from '@testing-library/preact';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { AllInSight, desk, line, open, press, SLOW, sendButton, write } from './changes-desk.tsx';

vi.setConfig({ testTimeout: 30_000 });
beforeEach(() => vi.stubGlobal('IntersectionObserver', AllInSight));

const denied = () => {
  throw new DOMException('denied', 'SecurityError');
};

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
    press(/^Lagre tilpasning av ramipril 5 mg .* for Olav Prøvenes$/);
    expect(screen.getByRole('alert').textContent).toBe('Velg hva som skal gjelde.');
    fireEvent.click(screen.getByRole('radio', { name: 'Behold som før: ramipril 5 mg' }));
    press(/^Lagre tilpasning av ramipril 5 mg .* for Olav Prøvenes$/);
    expect(screen.getByRole('alert').textContent).toBe('Skriv hvorfor.');
    write(/Hvorfor/, 'Han tåler det.');
    press(/^Lagre tilpasning av ramipril 5 mg .* for Olav Prøvenes$/);
    screen.getByText('Tilpasses til «ramipril 5 mg»');

    press(/^Avvis zopiklon/);
    write(/Hvorfor/, '   ');
    press(/^Lagre avvisning av zopiklon/);
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

  test('whoever is no longer the patient’s GP can send it back, and nothing else', async () => {
    const { it } = await desk({ first: movedGp });
    await open();
    await screen.findByText(/Bare fastlegen eller vikaren kan svare/, {}, SLOW);
    expect(screen.queryByRole('button', { name: /^(?:Godta|Tilpass|Avvis)/ })).toBeNull();
    press('Ikke min pasient lenger');
    press('Ja, send tilbake');
    fireEvent.click(await sendButton());
    await waitFor(
      () => expect(it.sandbox.store.at('Task/p2-changes')).toMatchObject({ status: 'rejected' }),
      SLOW,
    );
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

/** Olav has got another GP since it was sent. */
function movedGp({ sandbox: { store } }: Awaited<ReturnType<typeof desk>>['it']) {
  const patient = store.at('Patient/p2');
  if (!patient) throw new Error('no patient');
  const generalPractitioner = [{ reference: 'PractitionerRole/u-gp2' }];
  store.load([{ ...patient, generalPractitioner }]);
}

const OPEN = 'Åpne legemiddelmodulen i journalen';
const ehr = (opens: boolean) => ({
  openMedications: vi.fn(() => Promise.resolve(opens)),
  scratchpad: () => Promise.resolve(undefined),
});

describe('to where prescribing is done', () => {
  test('the answer is said to change nothing in the list, and the journal is asked to open its own module', async () => {
    const page = ehr(true);
    await desk({ ehr: page });
    await open();
    await screen.findByText(/^Svaret endrer ikke legemiddellisten \(PLL\)/, {}, SLOW);
    press(OPEN);
    expect(page.openMedications).toHaveBeenCalledTimes(1);
    expect(screen.queryByRole('alert')).toBeNull();
  });

  test('a journal that will not is not said to have', async () => {
    await desk({ ehr: ehr(false) });
    await open();
    fireEvent.click(await screen.findByRole('button', { name: OPEN }, SLOW));
    await screen.findByText('Journalen åpnet ikke legemiddelmodulen. Åpne den selv i journalen.');
  });

  test('where there is no journal to ask, or nothing to decide, nothing is offered', async () => {
    const alone = await desk();
    await open();
    await screen.findByRole('button', { name: /^Godta ramipril/ }, SLOW);
    expect(screen.queryByRole('button', { name: OPEN })).toBeNull();
    alone.crash();

    await desk({ user: 'u-ger', ehr: ehr(true) });
    fireEvent.click(await screen.findByRole('button', { name: /^Se endringene/ }, SLOW));
    await screen.findByText(/Bare fastlegen eller vikaren kan svare/, {}, SLOW);
    expect(screen.queryByRole('button', { name: OPEN })).toBeNull();
  });
});
