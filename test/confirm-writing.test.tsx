import 'fake-indexeddb/auto';
import { signal } from '@preact/signals';
import { afterEach, expect, test, vi } from 'vitest';
import { openWriting } from '../src/confirm/writing.ts';
import type { Frozen } from '../src/record/frozen.ts';
import { evaluation, writingBench } from './proposals.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

async function writing(first: Frozen | undefined) {
  const it = await writingBench();
  const frozen = signal(first);
  const over = new AbortController();
  const session = { ...it.session, signal: over.signal };
  const outbox = openWriting(session, frozen, window);
  const act = evaluation(it);
  const states = () => outbox.items.value.map(({ state }) => state);
  const stored = () =>
    it.sandbox.store
      .all('QuestionnaireResponse')
      .filter(one =>
        JSON.stringify(one).includes(act.writes[0]?.kind === 'new' ? act.writes[0].uuid : ''),
      );
  return { outbox, frozen, act, states, stored, end: () => over.abort() };
}

/** Somebody closes the tab; true: the browser asks first. */
function leaving(): boolean {
  const event = new Event('beforeunload', { cancelable: true });
  window.dispatchEvent(event);
  return event.defaultPrevented;
}

test.each(['unread', 'over', 'merged', 'inactive'] as const)(
  'C02 while the record is %s nothing is sent; when it may be written to again, what waits goes by itself',
  async why => {
    const { outbox, frozen, act, states, stored, end } = await writing(why);
    expect(await outbox.put(act)).toEqual({ ok: true });
    await new Promise(resolve => {
      setTimeout(resolve, 200);
    });
    expect(states()).toEqual(['queued']);
    expect(stored()).toHaveLength(0);
    frozen.value = undefined;
    await vi.waitFor(() => expect(states()).toEqual(['acked']), { timeout: 5000 });
    expect(stored()).toHaveLength(1);
    end();
  },
);

test('leaving the page asks first while something lives nowhere else, and no longer than that', async () => {
  const { outbox, frozen, act, states, end } = await writing('unread');
  expect(leaving()).toBe(false);
  outbox.sendUnkept(act);
  await vi.waitFor(() => expect(states()).toEqual(['queued']));
  expect(leaving()).toBe(true);
  frozen.value = undefined;
  await vi.waitFor(() => expect(states()).toEqual(['acked']), { timeout: 5000 });
  expect(leaving()).toBe(false);
  end();
});

test('a session that is over sends nothing more, whatever is said of the record', async () => {
  const { outbox, frozen, act, stored, end } = await writing('unread');
  await outbox.put(act);
  end();
  frozen.value = undefined;
  await new Promise(resolve => {
    setTimeout(resolve, 200);
  });
  expect(stored()).toHaveLength(0);
  expect(leaving()).toBe(false);
});
