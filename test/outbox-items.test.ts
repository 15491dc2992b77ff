import { describe, expect, test } from 'vitest';
import { itemOf } from '../src/outbox/item.ts';
import { NOTHING_YET } from '../src/outbox/stored.ts';
import { act, SINCE } from './hand-made-acts.ts';
import { conflict } from './hand-made-outbox.ts';

const after = (ms: number) => new Date(Date.parse(SINCE) + ms);
const FOUR_HOURS = 4 * 3_600_000;
const seen = { behind: false, nextAt: undefined, now: after(0) };
const reason = { why: 'refused', status: 422, says: ['Nei'] } as const;
const progress = { ...NOTHING_YET, reason, conflicts: [conflict()] };

const at = (ms: number) => ({ ...seen, now: after(ms) });

describe('an act on its way is shown', () => {
  test('with what it is, when it was pressed, and when it is tried', () => {
    const one = act({ attempts: 2, waiting: 'busy' }, { progress });
    expect(itemOf(one, { ...seen, nextAt: after(1_000) })).toEqual({
      id: one.row.id,
      proposal: one.proposal,
      kept: true,
      attempts: 2,
      since: SINCE,
      acked: undefined,
      state: 'queued',
      nextAt: after(1_000).toISOString(),
      waiting: 'busy',
      reason: undefined,
      conflicts: [],
      overdue: false,
    });
  });

  test.each([
    ['queued', 'timeout', undefined, 0],
    ['ambiguous', 'timeout', undefined, 0],
    ['sending', undefined, undefined, 0],
    ['needs-human', undefined, reason, 0],
    ['conflict', undefined, undefined, 1],
    ['acked', undefined, undefined, 0],
  ] as const)('%s: waits for %s, and says why not', (state, waiting, why, conflicts) => {
    const item = itemOf(act({ state, waiting: 'timeout' }, { progress }), seen);
    expect(item).toMatchObject({ state, waiting, reason: why, nextAt: undefined });
    expect(item.conflicts).toHaveLength(conflicts);
  });

  test('behind another of the same plan: that is what it waits for', () => {
    const behind = { ...seen, behind: true };
    expect(itemOf(act({ waiting: 'busy' }), behind).waiting).toBe('behind-another');
    expect(itemOf(act({ state: 'sending' }), behind).waiting).toBeUndefined();
  });

  test('overdue from four hours on, until it has arrived', () => {
    expect(itemOf(act(), at(FOUR_HOURS)).overdue).toBe(false);
    expect(itemOf(act(), at(FOUR_HOURS + 1)).overdue).toBe(true);
    const arrived = act({ state: 'acked', acked: SINCE });
    expect(itemOf(arrived, at(FOUR_HOURS + 1))).toMatchObject({ overdue: false, acked: SINCE });
  });

  test('one whose key has not come waits for the journal', () => {
    const shut = act({ waiting: 'busy' }, { readable: 'not-yet', proposal: undefined });
    expect(itemOf(shut, seen)).toMatchObject({ state: 'queued', waiting: 'unreachable' });
  });

  test('one that cannot be opened is for a person, whatever its row says', () => {
    const shut = act({ waiting: 'busy' }, { readable: 'no', proposal: undefined, progress });
    expect(itemOf(shut, { ...seen, nextAt: after(1), now: after(FOUR_HOURS + 1) })).toEqual({
      id: shut.row.id,
      proposal: undefined,
      kept: true,
      attempts: 0,
      since: SINCE,
      acked: undefined,
      state: 'needs-human',
      nextAt: undefined,
      waiting: undefined,
      reason: { why: 'unreadable', status: undefined, says: [] },
      conflicts: [],
      overdue: true,
    });
    expect(itemOf(shut, seen).overdue).toBe(false);
  });
});
