import { describe, expect, test } from 'vitest';
import { behindAnother, canBeSent, dueAt, toldUntil, waitAfter } from '../src/outbox/waiting.ts';
import { act } from './hand-made-acts.ts';

const later = (afterSeconds?: number) =>
  ({ kind: 'later', unsure: false, why: 'busy', afterSeconds }) as const;

describe('how long it is waited before the next attempt', () => {
  test.each([
    [0, 1_000],
    [1, 2_000],
    [3, 8_000],
    [6, 60_000],
    [2_000, 60_000],
  ])('after %i attempts at most %i ms', (attempts, most) => {
    expect(waitAfter(later(), attempts, () => 1)).toEqual({ waitMs: most, told: false });
  });

  test('panels wait a different time each, but never less than a second', () => {
    expect(waitAfter(later(), 3, () => 0.5).waitMs).toBe(4_000);
    expect(waitAfter(later(), 3, () => 0).waitMs).toBe(1_000);
  });

  test.each([
    ['two minutes, when the server says two minutes', 120, 120_000],
    ['a second, when the server says none', 0, 1_000],
    ['an hour, when the server says a day', 86_400, 3_600_000],
  ])('%s', (_, seconds, waitMs) => {
    expect(waitAfter(later(seconds), 0, () => 0.5)).toEqual({ waitMs, told: true });
  });
});

const at = (ms: number) => ({ now: () => ms });

describe('when it is tried', () => {
  const tried = act({ tried: 10_000, waitMs: 30_000 });

  test('at once, when it has not been tried', () => {
    expect(dueAt(act({ waitMs: 30_000 }), false, at(10_000))).toBe(10_000);
  });
  test('after the time to wait, or a second after the last when somebody asks', () => {
    expect(dueAt(tried, false, at(10_000))).toBe(40_000);
    expect(dueAt(tried, true, at(10_000))).toBe(11_000);
    expect(dueAt(act({ tried: 10_000, waitMs: 0 }), false, at(10_000))).toBe(11_000);
  });
  test('at once, when the clock was put back behind the last attempt', () => {
    expect(dueAt(tried, false, at(9_999))).toBe(9_999);
  });
});

describe('until when a server has asked to be left alone', () => {
  const told = { tried: 10_000, waitMs: 30_000, told: true } as const;
  const longer = { ...told, tried: 20_000 };

  test.each([
    ['as long as it said, from the attempt it said it to', [told], 40_000],
    ['the longest of several', [told, longer, told], 50_000],
    ['whatever that act waits for now', [{ ...told, state: 'ambiguous' as const }], 40_000],
    ['not by an act that has arrived', [{ ...told, state: 'acked' as const }], 0],
    ['not where the time to wait is our own', [{ ...told, told: false }], 0],
    ['not where nothing has been tried', [], 0],
  ])('%s', (_, rows, until) => {
    expect(
      toldUntil(
        rows.map(row => act(row)),
        at(20_000),
      ),
    ).toBe(until);
  });

  test('not where the clock was put back behind the attempt', () => {
    expect(toldUntil([act(told)], at(10_000))).toBe(40_000);
    expect(toldUntil([act(told)], at(9_999))).toBe(0);
  });
});

describe('what can be sent', () => {
  test('of one plan the first only, whatever that one waits for', () => {
    const acts = [
      act({ id: 'refused', plan: 'p', state: 'needs-human' }),
      act({ id: 'second', plan: 'p' }),
      act({ id: 'third', plan: 'p' }),
      act({ id: 'other', plan: 'q' }),
      act({ id: 'no plan' }),
      act({ id: 'nor this' }),
    ];
    expect([...behindAnother(acts)]).toEqual(['second', 'third']);
  });
  test('what has arrived holds nobody back', () => {
    const acts = [act({ plan: 'p', state: 'acked' }), act({ id: 'next', plan: 'p' })];
    expect([...behindAnother(acts)]).toEqual([]);
  });

  const none = new Set<string>();
  test.each([
    ['what waits', {}, {}, none, true],
    ['what may have arrived', { state: 'ambiguous' }, {}, none, true],
    ['what another tab is sending', { state: 'sending' }, {}, none, false],
    ['what a person must look at', { state: 'needs-human' }, {}, none, false],
    ['what cannot be opened', {}, { readable: 'no' }, none, false],
    ['what cannot be opened yet', {}, { readable: 'not-yet' }, none, false],
    ['what has no content', {}, { proposal: undefined }, none, false],
    ['what is behind another', {}, {}, new Set(['x']), false],
  ] as const)('%s: %s', (_, header, more, behind, can) => {
    expect(canBeSent(act({ id: 'x', ...header }, more), behind)).toBe(can);
  });
});
