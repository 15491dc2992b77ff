import { act, screen } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { OutboxProvider } from '../src/confirm/outbox-context.ts';
import { SendStatus } from '../src/confirm/SendStatus.tsx';
import { Tray } from '../src/confirm/Tray.tsx';
import type { Reason } from '../src/outbox/delivered.ts';
import type { OutboxItem } from '../src/outbox/kept.ts';
import { enConfirm } from '../src/shell/words/en-confirm.ts';
import { nbConfirm } from '../src/shell/words/nb-confirm.ts';
import { speak } from '../src/shell/words/words.ts';
import { D1, recordOf, show } from './hand-made.tsx';
import { item, outboxWith } from './hand-made-outbox.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(async () => {
  vi.useRealTimers();
  await speak('nb');
});

const later = (seconds: number) => new Date(D1.getTime() + seconds * 1000).toISOString();

/** As the room shows it that the act was done in; `then` shows what has become of it. */
function shown(first: OutboxItem) {
  const { outbox, lying } = outboxWith({ items: [first] });
  let now = D1;
  const record = recordOf();
  const clock = { now: () => now, heard: () => {} };
  const session = { ...record.session, clock };
  const Room = () => (
    <>
      {lying.value.map(each => (
        <SendStatus key={each.id} item={each} />
      ))}
    </>
  );
  show(
    { ...record, session },
    <OutboxProvider value={outbox}>
      <Room />
      <Tray />
    </OutboxProvider>,
  );
  return {
    then: (more: Partial<OutboxItem>) =>
      void act(() => {
        lying.value = lying.value.map(each => ({ ...each, ...more }));
      }),
    pass: (seconds: number) =>
      void act(() => {
        now = new Date(now.getTime() + seconds * 1000);
        vi.advanceTimersByTime(seconds * 1000);
      }),
  };
}

const own = () => document.querySelector('.send-status')!;
const steps = () =>
  [...own().querySelectorAll('li[data-step]')].map(step => step.textContent.replace(/\s+/g, ' '));
const aloud = () => own().querySelector('output')!.textContent;

const gaps = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([gap]) => gap).sort();

describe('The words', () => {
  const keys = Object.keys(nbConfirm) as (keyof typeof nbConfirm)[];
  test('leave room for the same things in both languages, never shout, and never say «ingen»', () => {
    for (const key of keys) {
      expect([key, gaps(enConfirm[key])]).toEqual([key, gaps(nbConfirm[key])]);
      expect(nbConfirm[key] + enConfirm[key]).not.toMatch(/!|\bingen\b|\bnone\b/i);
    }
  });
});

describe('What has been written goes three steps, and none is ticked before it is done', () => {
  test('kept on this machine, and nothing more', () => {
    shown(item());
    expect(steps()).toEqual(['✓ Lagret lokalt', '○ Sendes', '○ Mottatt']);
    expect(aloud()).toBe('Lagret lokalt');
    expect(own().getAttribute('data-outbox-state')).toBe('queued');
  });

  test('on its way', () => {
    shown(item({ state: 'sending', attempts: 1 }));
    expect(steps()).toEqual(['✓ Lagret lokalt', '… Sendes', '○ Mottatt']);
  });

  test('received: by whom, and when', () => {
    shown(item({ state: 'acked', acked: later(0) }));
    expect(steps()).toEqual([
      '✓ Lagret lokalt',
      '✓ Sendt',
      '✓ Mottatt av Fjordvik journal kl. 20.15',
    ]);
    expect(own().textContent).not.toContain('Skrevet');
    expect(own().querySelectorAll('button')).toHaveLength(0);
  });

  test('W28 what was sent three hours after it was written says so', () => {
    shown(item({ state: 'acked', since: later(-3 * 3600), acked: later(0) }));
    expect(own().textContent).toContain('Skrevet kl. 17.15, sendt kl. 20.15');
  });

  test('W24 what could not be kept never says «Lagret lokalt», and asks for the panel to stay open', () => {
    const { then } = shown(item({ kept: false, state: 'sending', attempts: 1 }));
    expect(steps()[0]).toBe('! Ikke lagret på denne maskinen');
    expect(own().textContent).toContain('La panelet stå åpent');
    expect(document.body.textContent).not.toMatch(/Lagret lokalt|trygg på denne maskinen/);
    then({ state: 'queued', waiting: 'unreachable' });
    expect(document.body.textContent).not.toMatch(/Lagret lokalt|trygg på denne maskinen/);
    then({ state: 'acked', acked: later(0) });
    expect(steps()).toEqual(['✓ Sendt', '✓ Mottatt av Fjordvik journal kl. 20.15']);
    expect(own().textContent).not.toContain('La panelet stå åpent');
  });
});

describe('Why it waits', () => {
  test('the journal does not answer: said, with when it is tried again and that the text is safe', () => {
    const { pass } = shown(item({ attempts: 2, waiting: 'unreachable', nextAt: later(8) }));
    expect(own().textContent).toContain(
      'Journalsystemet svarer ikke. Prøver igjen om 8 sekunder. Teksten er trygg på denne maskinen.',
    );
    pass(7);
    expect(own().textContent).toContain('Prøver igjen om 1 sekund.');
    pass(2);
    expect(own().textContent).not.toContain('Prøver igjen');
  });

  test.each([
    ['timeout', 'brukte for lang tid'],
    ['busy', 'opptatt'],
    ['server-error', 'Noe gikk galt'],
    ['not-understood', 'ikke kan forstås'],
    ['signed-out', 'Du er logget ut'],
    ['behind-another', 'tidligere om samme plan'],
  ] as const)('%s', (waiting, words) => {
    shown(item({ waiting }));
    expect(own().textContent).toContain(words);
    expect(own().textContent).toContain('Teksten er trygg');
  });

  test('nobody knows whether it arrived: that is what is said, and that we look before sending again', () => {
    shown(item({ state: 'ambiguous', attempts: 1, waiting: 'timeout' }));
    expect(own().textContent).toContain(
      'Det er usikkert om den kom fram. Vi ser etter i journalen',
    );
    expect(steps()[2]).toBe('○ Mottatt');
  });

  test('more than four hours is said loudly', () => {
    shown(item({ waiting: 'unreachable', overdue: true }));
    expect(own().querySelector('.send-warning')?.textContent).toContain('over fire timer');
    expect(document.querySelector('summary')?.textContent).toBe('1 har ventet i over fire timer');
  });
});

test('what cannot be opened yet, because its key is with the journal, waits as anything else', () => {
  shown(item({ proposal: undefined, waiting: 'unreachable' }));
  expect(own().textContent).toContain('Journalsystemet svarer ikke. Teksten er trygg');
  expect(own().textContent).not.toContain('kan ikke åpnes');
  expect(document.querySelector('summary')?.textContent).toBe('1 venter på å bli sendt');
});

const reason = (more: Partial<Reason>): Reason => ({
  why: 'refused',
  status: 422,
  says: [],
  ...more,
});

describe('A person must look', () => {
  test.each([
    ['refused', 'tok ikke imot'],
    ['not-permitted', 'ikke tilgang'],
    ['gone', 'finnes ikke lenger'],
    ['several-there', 'flere ganger'],
    ['cannot-tell', 'kan ikke avgjøres'],
    ['half-done', 'Bare en del'],
    ['unreadable', 'kan ikke åpnes'],
    ['other-there', 'Noe annet'],
  ] as const)('%s is said in our words', (why, words) => {
    shown(item({ state: 'needs-human', reason: reason({ why }) }));
    expect(own().textContent).toContain(words);
    expect(own().textContent).toContain('Svarkode 422');
  });

  test('X09 what the journal says stands beside it, as text', () => {
    const says = ['<b>Feil</b> i «status»', 'Linje 2'];
    shown(item({ state: 'needs-human', reason: reason({ says }) }));
    expect(screen.getAllByText('<b>Feil</b> i «status»').length).toBeGreaterThan(0);
    expect(document.querySelector('b')).toBeNull();
  });

  test('what cannot be opened is not sent, and not called safe', () => {
    const unreadable = { why: 'unreadable', status: undefined, says: [] } as const;
    shown(item({ proposal: undefined, state: 'needs-human', reason: unreadable }));
    expect(own().textContent).toContain('kan ikke åpnes. Det blir ikke sendt.');
    expect(own().textContent).not.toContain('trygg');
    expect(screen.queryByRole('button', { name: 'Prøv nå' })).toBeNull();
  });
});

describe('A05 What changes is told once', () => {
  test('a countdown is seen and not told again every second', () => {
    const { pass } = shown(item({ attempts: 1, waiting: 'unreachable', nextAt: later(8) }));
    const told = vi.fn();
    const watching = new MutationObserver(told);
    for (const each of document.querySelectorAll('output'))
      watching.observe(each, { subtree: true, childList: true, characterData: true });
    pass(5);
    expect(own().textContent).toContain('om 3 sekunder');
    expect(watching.takeRecords()).toEqual([]);
    expect(told).not.toHaveBeenCalled();
    watching.disconnect();
  });

  test('every further attempt to send is not told; that it has arrived is', () => {
    const { then } = shown(item());
    then({ state: 'sending', attempts: 1 });
    expect(aloud()).toBe('Sendes');
    then({ state: 'queued', waiting: 'unreachable' });
    expect(aloud()).toBe('Journalsystemet svarer ikke.');
    then({ state: 'sending', attempts: 2 });
    expect(aloud()).toBe('Journalsystemet svarer ikke.');
    then({ state: 'acked', acked: later(0) });
    expect(aloud()).toBe('Mottatt av Fjordvik journal kl. 20.15');
  });

  test('the room and the tray do not tell the same twice, and show its state once', () => {
    shown(item({ state: 'acked', acked: later(0) }));
    const said = [...document.querySelectorAll('output')].map(each => each.textContent);
    expect(said.filter(Boolean)).toEqual(['Mottatt av Fjordvik journal kl. 20.15']);
    expect(document.querySelectorAll('[data-outbox-state]')).toHaveLength(1);
  });

  test('the same in English', async () => {
    shown(item({ state: 'acked', acked: later(0) }));
    await act(() => speak('en'));
    expect(steps()[2]).toBe('✓ Received by Fjordvik journal 20:15');
  });
});
