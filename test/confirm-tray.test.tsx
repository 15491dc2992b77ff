import { fireEvent, screen, within } from '@testing-library/preact';
import * as fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { OutboxProvider } from '../src/confirm/outbox-context.ts';
import { plainValue } from '../src/confirm/plain-value.ts';
import { Tray } from '../src/confirm/Tray.tsx';
import type { Proposal } from '../src/fhir/proposal.ts';
import { amina, known, recordOf, show } from './hand-made.tsx';
import { conflict, item, outboxWith, proposal, setting } from './hand-made-outbox.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

function tray(lying: Parameters<typeof outboxWith>[0], record = recordOf()) {
  const { outbox, asked } = outboxWith(lying);
  show(
    record,
    <OutboxProvider value={outbox}>
      <Tray />
    </OutboxProvider>,
  );
  return asked;
}

const line = () => document.querySelector('summary')?.textContent;
const press = (name: string) => fireEvent.click(screen.getByRole('button', { name, hidden: true }));
const seen = () => document.body.textContent;

describe('What waits', () => {
  test('where nothing waits, nothing is there', () => {
    tray({});
    expect(screen.queryByRole('region')).toBeNull();
    expect(seen()).toBe('');
  });

  test('one line says how many wait, and behind it stands each, with its words', () => {
    const own = proposal({ words: 'Amina deltok.\nNeste: 4. desember.' });
    tray({ items: [item({ proposal: own }), item({ waiting: 'behind-another' })] });
    expect(line()).toBe('2 venter på å bli sendt');
    const [first] = screen.getAllByRole('listitem', { hidden: true });
    expect(first!.textContent).toContain('Evaluering, skrevet kl. 20.14');
    expect(first!.querySelector('.copied-words')!.textContent).toBe(own.words);
    expect(first!.getAttribute('data-outbox-state')).toBe('queued');
  });

  test('what needs somebody comes first in the line, and is not counted as waiting', () => {
    tray({
      items: [
        item(),
        item({ state: 'conflict', conflicts: [conflict()] }),
        item({ state: 'acked' }),
      ],
    });
    expect(line()).toBe('1 trenger deg · 1 venter på å bli sendt');
    expect(document.querySelector('.tray-own')!.getAttribute('data-look')).toBe('warning');
  });

  test('what has arrived can be seen until the page is left', () => {
    tray({ items: [item({ state: 'acked', acked: '2026-11-21T20:15:00+01:00' })] });
    expect(line()).toBe('1 er mottatt');
    expect(seen()).toContain('Mottatt av Fjordvik journal kl. 20.15');
  });

  test('W20 what others wrote, and what is about other patients, is a number and nothing else', () => {
    tray({ others: 2, myOtherPatients: 1 });
    expect(seen()).toBe(
      'Noe du skrev om en annen pasient, venter på denne maskinen. Det sendes når du åpner pasienten.' +
        '2 fra en annen bruker venter på denne maskinen. Bare hun eller han kan sende dem.',
    );
    expect(screen.queryByRole('button')).toBeNull();
  });

  test('S09 that something is gone is said at once', () => {
    tray({ lost: true });
    expect(screen.getByRole('alert').textContent).toContain('er borte');
  });

  test.each([
    ['merged', { replaced: true }, 'erstattet av en annen'],
    ['inactive', { inactive: true }, 'ikke i bruk'],
  ])('C06 nothing is sent to a record that is %s, and the tray says so', (_, more, words) => {
    tray({ items: [item()] }, recordOf({ patient: known([{ ...amina, ...more }]) }));
    expect(document.querySelector('.send-warning')!.textContent).toContain(words);
  });
});

describe('What can be done', () => {
  test('trying again now', () => {
    const lying = item({ waiting: 'unreachable' });
    const asked = tray({ items: [lying] });
    press('Prøv nå');
    expect(asked).toEqual([`again ${lying.id}`]);
  });

  test('W24 trying again on a disk that is full: whoever pressed is told that it did not work', async () => {
    const lying = item({ state: 'needs-human', proposal: proposal() });
    const complaints = vi.fn();
    vi.stubGlobal('reportError', complaints);
    const asked = tray({ items: [lying], full: true });
    press('Prøv nå');
    expect((await screen.findByRole('alert')).textContent).toBe('Det gikk ikke. Prøv igjen.');
    expect(asked).toEqual([`again ${lying.id}`]);
    expect(complaints).toHaveBeenCalledOnce();
  });

  test('W30 taking back asks first; no keeps it', async () => {
    const lying = item();
    const asked = tray({ items: [lying] });
    press('Trekk tilbake');
    expect(asked).toEqual([]);
    expect(seen()).toContain('Trekke tilbake?');
    press('Nei, behold den');
    expect(seen()).not.toContain('Trekke tilbake?');
    press('Trekk tilbake');
    press('Ja, trekk tilbake');
    await vi.waitFor(() => expect(asked).toEqual([`withdraw ${lying.id}`]));
  });

  test('W30 what may have arrived cannot be taken back, and that is said', async () => {
    tray({ items: [item({ state: 'ambiguous' })], tooLate: true });
    press('Trekk tilbake');
    press('Ja, trekk tilbake');
    const alert = await screen.findByText(/For sent/);
    expect(alert.getAttribute('role')).toBe('alert');
  });

  test('saying that it is seen to asks first, and is only offered when a person must look', async () => {
    const lying = item({ state: 'needs-human' });
    const asked = tray({ items: [lying, item()] });
    expect(screen.getAllByText('Jeg har ordnet det på annen måte')).toHaveLength(1);
    press('Jeg har ordnet det på annen måte');
    expect(asked).toEqual([]);
    press('Ja, det er ordnet');
    await vi.waitFor(() => expect(asked).toEqual([`settle ${lying.id}`]));
  });

  test('the words are copied; where the clipboard is refused they are marked instead', async () => {
    const written = vi.fn(() => Promise.resolve());
    vi.stubGlobal('navigator', { clipboard: { writeText: written } });
    tray({ items: [item()] });
    press('Kopier teksten');
    expect(await screen.findByText('Teksten er kopiert')).toBeTruthy();
    expect(written).toHaveBeenCalledWith('Evaluering 21.11.2026\nAmina deltok.');
    vi.stubGlobal('navigator', {
      clipboard: { writeText: () => Promise.reject(new Error('refused')) },
    });
    press('Kopier teksten');
    expect(await screen.findByText(/Trykk Ctrl\+C/)).toBeTruthy();
    expect(String(window.getSelection())).toContain('Amina deltok.');
    expect(document.querySelector<HTMLDetailsElement>('.copy-text details')!.open).toBe(true);
  });
});

const version = (shown: HTMLElement, which: string) =>
  shown.querySelector(`[data-version="conflict.${which}"] dd`)?.textContent;

const openedAs = (what: Proposal['what'], ...conflicts: readonly ReturnType<typeof conflict>[]) => {
  const lying = item({ state: 'conflict', conflicts, proposal: proposal({ what }) });
  const asked = tray({ items: [lying] });
  press('Se begge');
  return { asked, lying, shown: document.querySelector<HTMLElement>('[data-conflict]')! };
};

const opened = (...conflicts: readonly ReturnType<typeof conflict>[]) =>
  openedAs('evaluation', ...conflicts);

describe('S23 somebody else changed it meanwhile', () => {
  test('both versions and the person’s own stand side by side, with when it was saved', () => {
    const { shown } = opened(conflict());
    expect(within(shown).getByRole('heading', { hidden: true }).textContent).toBe(
      'Noen lagret målet «Klare kvelden» kl. 20.11, mens du skrev',
    );
    expect(version(shown, 'read')).toBe('Ikke fylt ut');
    expect(version(shown, 'theirs')).toBe('Delvis nådd');
    expect(version(shown, 'mine')).toBe('Nådd');
  });

  test('three choices, none of them made: the focus is on what happened', () => {
    const { shown, asked } = opened(conflict());
    expect(
      within(shown)
        .getAllByRole('button', { hidden: true })
        .map(button => button.textContent),
    ).toEqual(['Behold deres, send resten', 'Sett min endring på den nye utgaven', 'Vent']);
    expect(document.activeElement?.tagName).toBe('H3');
    expect(asked).toEqual([]);
  });

  test('an answer to the sender is never sent without the decision it tells of', () => {
    const { shown } = openedAs('answer', conflict());
    expect(
      within(shown)
        .getAllByRole('button', { hidden: true })
        .map(button => button.textContent),
    ).toEqual(['Sett min endring på den nye utgaven', 'Vent']);
  });

  test('W12 each choice is the person’s own', async () => {
    const { asked, lying } = opened(conflict());
    press('Behold deres, send resten');
    await vi.waitFor(() => expect(asked).toEqual([`leave-theirs ${lying.id}`]));
    press('Sett min endring på den nye utgaven');
    await vi.waitFor(() => expect(asked).toHaveLength(2));
    expect(asked[1]).toBe(`set-mine ${lying.id}`);
  });

  test('to wait decides nothing, and leads back', () => {
    const { asked } = opened(conflict());
    press('Vent');
    expect(document.querySelector('[data-conflict]')).toBeNull();
    expect(document.activeElement?.textContent).toBe('Se begge');
    expect(asked).toEqual([]);
  });

  test('a change elsewhere in it is said to be elsewhere, and shown', () => {
    const { read } = conflict();
    const { shown } = opened(
      conflict({ theirs: { ...read, note: [{ text: 'Ringt skolen' }], meta: {} } }),
    );
    expect(shown.textContent).toContain('Det er ikke samme felt som du endret.');
    expect(shown.textContent).toContain('Annet som er endret');
    expect(shown.textContent).toContain('Ringt skolen');
  });

  test('an extension is compared as anything else', () => {
    const url = 'https://example.org/fhir/next-evaluation';
    const of = (valueDate: string) => ({
      resourceType: 'CarePlan',
      title: 'Akuttplan',
      extension: [{ url, valueDate }],
    });
    const { shown } = opened(
      conflict({
        ref: 'CarePlan/1',
        read: of('2026-12-01'),
        theirs: of('2026-12-08'),
        mine: [setting({ at: `extension:${url}`, words: '15.12.2026' })],
      }),
    );
    expect(shown.textContent).toContain('planen «Akuttplan»');
    expect(version(shown, 'read')).toBe('01.12.2026');
    expect(version(shown, 'theirs')).toBe('08.12.2026');
    expect(version(shown, 'mine')).toBe('15.12.2026');
    expect(shown.textContent).not.toContain('ikke samme felt');
  });

  test('one of two changed by both is enough: it is not said to be elsewhere', () => {
    const { shown } = opened(
      conflict({
        mine: [setting(), setting({ at: 'statusDate', label: 'Dato', words: '21.11.2026' })],
      }),
    );
    expect(shown.querySelectorAll('.versions')).toHaveLength(2);
    expect(shown.textContent).not.toContain('ikke samme felt');
  });

  test('on what is gone nothing can be set', () => {
    const { shown } = opened(conflict({ theirs: undefined }));
    expect(shown.textContent).toContain('Målet «Klare kvelden» finnes ikke lenger');
    expect(within(shown).queryByText('Sett min endring på den nye utgaven')).toBeNull();
    expect(within(shown).getByText('Behold deres, send resten')).toBeTruthy();
  });

  test('any value has words, whatever it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), value => {
        expect(plainValue(value).trim()).not.toBe('');
        expect(plainValue(value)).not.toContain('[object');
      }),
      { numRuns: 1000 },
    );
    expect(plainValue({ value: 5, unit: 'mg' })).toBe('5 mg');
    expect(plainValue({ coding: [{ system: 's', code: 'c', display: 'Nådd' }] })).toBe('Nådd');
    expect(plainValue({ start: '2026-11-12', end: '2027-05-12' })).toBe('12.11.2026–12.05.2027');
  });
});
