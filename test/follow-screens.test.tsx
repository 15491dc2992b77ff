import { signal } from '@preact/signals';
import { act, cleanup, fireEvent, render, screen } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { attend } from '../src/follow/attend.tsx';
import { Beside } from '../src/follow/Beside.tsx';
import { Close } from '../src/follow/Close.tsx';
import { Elsewhere } from '../src/follow/Elsewhere.tsx';
import { watchIdle } from '../src/follow/idle.ts';
import { messengerTo } from '../src/follow/messaging.ts';
import { frozenOf } from '../src/record/frozen.ts';
import { PatientBanner } from '../src/shell/PatientBanner.tsx';
import { enFollow } from '../src/shell/words/en-follow.ts';
import { nbFollow } from '../src/shell/words/nb-follow.ts';
import { speak } from '../src/shell/words/words.ts';
import { amina, known, recordOf, show } from './hand-made.tsx';

afterEach(async () => {
  vi.useRealTimers();
  await speak('nb');
});

const gaps = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([gap]) => gap);

describe('The words', () => {
  test('leave room for the same things in both languages, and never shout', () => {
    for (const key of Object.keys(nbFollow) as (keyof typeof nbFollow)[]) {
      expect([key, gaps(enFollow[key])]).toEqual([key, gaps(nbFollow[key])]);
      expect(nbFollow[key] + enFollow[key]).not.toContain('!');
    }
  });
  test('say «ingen» only of the journal’s own screen', () => {
    for (const [key, text] of [...Object.entries(nbFollow), ...Object.entries(enFollow)])
      if (/\bingen\b|\bno\b|\bnone\b/i.test(text)) expect(key).toBe('ctx.none');
  });
});

describe('When the journal shows somebody else', () => {
  test('a name with hidden characters shows them, and its direction stays inside it', () => {
    render(<Elsewhere shown={{ kind: 'another', name: 'Olav\u202E' }} relaunch={undefined} />);
    const heading = screen.getByRole('heading', { name: 'Journalsystemet viser nå Olav⟦202E⟧' });
    expect(heading.querySelector('bdi')).not.toBeNull();
    expect(document.activeElement).toBe(heading);
  });

  test('somebody without a name is «en annen pasient», in either language', async () => {
    render(<Elsewhere shown={{ kind: 'another', name: undefined }} relaunch={undefined} />);
    expect(screen.getByRole('heading').textContent).toBe(
      'Journalsystemet viser nå en annen pasient',
    );
    await speak('en');
    expect(await screen.findByText('The record system now shows another patient')).toBeTruthy();
  });

  test('a journal that will not open Sideplan is said not to have, and can be asked again', async () => {
    const relaunch = vi.fn(() => Promise.resolve(false));
    render(<Elsewhere shown={{ kind: 'another', name: 'Olav' }} relaunch={relaunch} />);
    fireEvent.click(screen.getByRole('button', { name: 'Bytt til Olav' }));
    expect((await screen.findByRole('alert')).textContent).toContain('åpnet ikke Sideplan');
    fireEvent.click(screen.getByRole('button', { name: 'Bytt til Olav' }));
    expect(relaunch).toHaveBeenCalledTimes(2);
  });

  test('when nobody is open there, nobody can be switched to', () => {
    render(<Elsewhere shown={{ kind: 'nobody' }} relaunch={() => Promise.resolve(true)} />);
    expect(screen.getByRole('heading').textContent).toBe('Ingen pasient er åpen i journalsystemet');
    expect(screen.queryByRole('button')).toBeNull();
  });
});

const pass = (ms: number) => vi.advanceTimersByTime(ms);

describe('Nobody there', () => {
  const warn = vi.fn<(seconds: number | undefined) => void>();
  const lock = vi.fn();
  let watch: ReturnType<typeof watchIdle> | undefined;
  const untouched = (minutes?: number) => {
    watch = watchIdle(window, minutes, { warn, lock });
  };
  const warned = () => warn.mock.lastCall?.[0];
  beforeEach(() => {
    warn.mockReset();
    lock.mockReset();
    vi.useFakeTimers();
  });
  afterEach(() => watch?.stop());

  test('for nine minutes is said, for ten locks the screen, once', () => {
    untouched();
    pass(539_000);
    expect(warned()).toBeUndefined();
    pass(1000);
    expect(warned()).toBe(60);
    pass(59_000);
    expect(lock).not.toHaveBeenCalled();
    pass(1000);
    expect(lock).toHaveBeenCalledTimes(1);
    pass(600_000);
    expect(lock).toHaveBeenCalledTimes(1);
  });

  test.each(['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'])(
    'a %s is somebody being there',
    kind => {
      untouched(2);
      pass(59_000);
      fireEvent(document.body, new Event(kind, { bubbles: true }));
      pass(119_000);
      expect(lock).not.toHaveBeenCalled();
      pass(1000);
      expect(lock).toHaveBeenCalled();
    },
  );

  test('once it has been said, a hand on its way to the button does not take it away', () => {
    untouched(2);
    pass(61_000);
    fireEvent(document.body, new Event('pointermove', { bubbles: true }));
    expect(warned()).toBe(59);
    fireEvent(document.body, new Event('keydown', { bubbles: true }));
    expect(warned()).toBeUndefined();
  });

  test('the first touch after the machine has slept locks, as the hour would have', () => {
    untouched();
    vi.setSystemTime(Date.now() + 3_600_000);
    fireEvent(document.body, new Event('pointerdown', { bubbles: true }));
    expect(lock).toHaveBeenCalledTimes(1);
  });

  test('a clock set back an hour does not give an hour', () => {
    untouched();
    vi.setSystemTime(Date.now() - 3_600_000);
    pass(600_000);
    expect(lock).toHaveBeenCalledTimes(1);
  });

  test('less than two minutes are warned of at half', () => {
    untouched(1);
    pass(29_000);
    expect(warned()).toBeUndefined();
    pass(1000);
    expect(warned()).toBe(30);
  });

  test('the warning is said three times, not every second, and its button puts it off', () => {
    const locksIn = signal<number | undefined>(60);
    const extend = vi.fn();
    render(<Beside lost={signal(false)} locksIn={locksIn} extend={extend} />);
    const said = new Set<string>();
    for (let left = 60; left > 0; left -= 1) {
      void act(() => {
        locksIn.value = left;
      });
      said.add(screen.getByRole('alert').textContent);
    }
    expect([...said].map(text => text.match(/\d+/)?.[0])).toEqual(['60', '30', '10']);
    fireEvent.click(screen.getByRole('button', { name: 'Fortsett' }));
    expect(extend).toHaveBeenCalled();
  });
});

describe('Talking to the journal’s page', () => {
  const told = { handle: 'the-handle', origin: 'https://journal.example' };
  const posted = vi.fn();
  const ehr = { postMessage: posted };
  const inFrame = () => {
    vi.spyOn(window, 'parent', 'get').mockReturnValue(ehr as unknown as typeof window);
    return window;
  };
  const answer = (message: object, more: object = {}) =>
    window.dispatchEvent(
      Object.assign(new Event('message'), {
        source: ehr,
        origin: told.origin,
        data: { messageId: 'x', payload: { status: 'success' }, ...message },
        ...more,
      }),
    );
  beforeEach(() => {
    posted.mockReset();
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });
  const asked = () => posted.mock.lastCall![0] as { messageId: string };

  test('says who speaks, what is wanted, and only to that origin', async () => {
    const done = messengerTo(inFrame(), told)!.done();
    expect(posted).toHaveBeenCalledWith(
      {
        messagingHandle: 'the-handle',
        messageId: expect.any(String),
        messageType: 'ui.done',
        payload: {},
      },
      'https://journal.example',
    );
    answer({ responseToMessageId: asked().messageId });
    expect(await done).toBe(true);
  });

  test('a journal that says no, or nothing, has not done it', async () => {
    const messenger = messengerTo(inFrame(), told)!;
    const refused = messenger.relaunch();
    answer({ responseToMessageId: asked().messageId, payload: { status: 'error' } });
    expect(await refused).toBe(false);
    const unheard = messenger.done();
    vi.advanceTimersByTime(3000);
    expect(await unheard).toBe(false);
  });

  test('what the doctor has begun in the journal is read as it came, and silence is not «nothing begun»', async () => {
    const messenger = messengerTo(inFrame(), told)!;
    const read = messenger.scratchpad();
    expect(asked()).toMatchObject({ messageType: 'scratchpad.read' });
    const order = { resourceType: 'MedicationRequest', status: 'draft' };
    answer({
      responseToMessageId: asked().messageId,
      payload: { scratchpad: [order, null, 'x'] },
    });
    expect(await read).toEqual([order]);
    const unheard = messenger.scratchpad();
    vi.advanceTimersByTime(3000);
    expect(await unheard).toBeUndefined();
  });

  test.each([
    ['from another window', {}, { source: {} }],
    ['of another origin', {}, { origin: 'https://journal.example.evil' }],
    ['to another message', { responseToMessageId: 'another' }, {}],
    ['of another shape', { payload: 'success' }, {}],
  ])('an answer %s is not heard', async (_, message, more) => {
    const done = messengerTo(inFrame(), told)!.done();
    answer({ responseToMessageId: asked().messageId, ...message }, more);
    vi.advanceTimersByTime(3000);
    expect(await done).toBe(false);
  });

  test.each([
    ['no handle', { ...told, handle: undefined }],
    ['no origin', { ...told, origin: undefined }],
    ['any origin', { ...told, origin: '*' }],
    ['an address instead of an origin', { ...told, origin: 'https://journal.example/page' }],
  ])('with %s not a word is said', (_, less) => {
    expect(messengerTo(inFrame(), less)).toBeUndefined();
  });

  test('outside a frame not a word is said', () => {
    expect(messengerTo(window, told)).toBeUndefined();
  });

  test('a journal that will not close the panel is said not to have', async () => {
    vi.useRealTimers();
    render(<Close close={() => Promise.resolve(false)} />);
    fireEvent.click(screen.getByRole('button', { name: 'Lukk Sideplan' }));
    expect((await screen.findByRole('alert')).textContent).toContain('lukket ikke Sideplan');
  });
});

const frozen = (more: object) => recordOf({ patient: known([{ ...amina, ...more }]) }).frozen;

const TEN_MINUTES = 600_000;
const nothing = () => {};

/** A page whose session ends when this does. */
function attended(ended: AbortSignal): void {
  const { session } = recordOf();
  void attend(
    {
      session: { ...session, signal: ended },
      surroundings: {
        hub: { url: undefined, topic: undefined },
        messaging: { handle: undefined, origin: undefined },
        trusted: [],
        idleMinutes: undefined,
      },
      patientRead: Promise.resolve(),
      ids: () => [],
      hide: instead => void render(<>{instead}</>),
      show: nothing,
      beside: signal(undefined),
      menu: signal(undefined),
      reopen: nothing,
      logOut: nothing,
    },
    window,
  );
}

const locked = () => screen.queryByRole('heading', { name: nbFollow['lock.title'] });

describe('Whether anybody is there', () => {
  beforeEach(() => void vi.useFakeTimers());

  test('after ten minutes the screen is locked', async () => {
    attended(new AbortController().signal);
    await act(() => void vi.advanceTimersByTime(TEN_MINUTES));
    expect(locked()).not.toBeNull();
  });

  test('what says that the session is over is not locked, also where it ended before anybody watched', async () => {
    attended(AbortSignal.abort());
    await act(() => void vi.advanceTimersByTime(TEN_MINUTES));
    expect(locked()).toBeNull();
  });
});

describe('Whose record it is', () => {
  test('C06 merged-inactive: it is said in the banner, and nothing may be written', () => {
    expect(frozen({}).value).toBeUndefined();
    expect(frozen({ replaced: true }).value).toBe('merged');
    expect(frozen({ inactive: true }).value).toBe('inactive');
    for (const more of [{ replaced: true }, { inactive: true }]) {
      show(
        recordOf({ patient: known([{ ...amina, ...more }]) }),
        <PatientBanner logOut={() => {}} />,
      );
      expect(document.querySelector('.notice.grave')?.textContent).toMatch(
        /slått sammen|ikke i bruk/,
      );
      cleanup();
    }
  });

  test('nothing may be written before somebody is known, nor after the view is over', () => {
    expect(recordOf({ patient: { state: 'loading' } }).frozen.value).toBe('unread');
    const end = new AbortController();
    const { session, patient } = recordOf();
    const frozenNow = frozenOf({ ...session, signal: end.signal }, patient);
    expect(frozenNow.value).toBeUndefined();
    end.abort();
    expect(frozenNow.value).toBe('over');
  });

  test('C07 deceased: it is said in the banner, with the day', () => {
    show(
      recordOf({ patient: known([{ ...amina, deceased: '2026-11-01T04:00:00+01:00' }]) }),
      <PatientBanner logOut={() => {}} />,
    );
    expect(document.querySelector('.notice.grave')?.textContent).toMatch(/^Død 01\.11\.2026/);
  });

  test('C09 namesakes: two of the same name, born the same day, are told apart by their numbers', () => {
    const banners = ['12850798271', '12850798352'].map(value => {
      const namesake = { ...amina, ids: [{ kind: 'fnr' as const, value }] };
      show(recordOf({ patient: known([namesake]) }), <PatientBanner logOut={() => {}} />);
      const text = document.querySelector('[data-patient-banner]')?.textContent ?? '';
      cleanup();
      return text;
    });
    expect(banners[0]).toContain('128507 98271');
    expect(banners[1]).toContain('128507 98352');
    expect(banners[0]?.replace('98271', '')).toBe(banners[1]?.replace('98352', ''));
  });
});
