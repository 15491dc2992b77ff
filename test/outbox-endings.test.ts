import { describe, expect, test } from 'vitest';
import type { Failure } from '../src/fhir/failure.ts';
import { endingOf, endingOfReading, later, mayBeDone, needsHuman } from '../src/outbox/endings.ts';
import { attempting, type Wanted } from './hand-made-delivery.ts';

const sure = { unsure: false } as const;
const half = { unsure: false, steps: { a: 'Task/1|1' } } as const;
const refused = (status: number, retryAfterSeconds?: number) =>
  ({ kind: 'refused', status, says: ['Nei'], retryAfterSeconds }) as const;
const begun = (wanted: Wanted = sure) => attempting(wanted).delivery;

describe('a write the server said no to', () => {
  test.each([
    [429, false, 'busy'],
    [503, false, 'busy'],
    [408, true, 'timeout'],
    [500, true, 'server-error'],
    [501, false, 'server-error'],
    [502, true, 'server-error'],
    [504, true, 'server-error'],
    [505, true, 'server-error'],
    [599, true, 'server-error'],
  ])('%i: it may have been done all the same: %s; later, because %s', (status, unsure, why) => {
    const ended = endingOf(begun(), refused(status, 7));
    expect(ended).toEqual({ kind: 'later', unsure, why, afterSeconds: 7 });
    expect(mayBeDone(status)).toBe(unsure);
  });

  test.each([
    [400, 'refused'],
    [403, 'not-permitted'],
    [404, 'gone'],
    [410, 'gone'],
    [422, 'refused'],
    [499, 'refused'],
  ])('%i: a person must look: %s, in the server’s own words', (status, why) => {
    const reason = { why, status, says: ['Nei'] };
    expect(endingOf(begun(), refused(status))).toEqual({ kind: 'needs-human', reason });
    // Some of it is there, and the rest never will be by itself.
    const left = { ...reason, why: 'half-done' };
    expect(endingOf(begun(half), refused(status))).toEqual({ kind: 'needs-human', reason: left });
    expect(mayBeDone(status)).toBe(false);
  });

  test('what may have been done once may still be, whatever the next answer is', () => {
    const delivery = begun();
    expect(endingOf(delivery, refused(500))).toMatchObject({ unsure: true });
    expect(endingOf(delivery, refused(503))).toMatchObject({ unsure: true });
  });

  test('401: only a new login helps', () => {
    expect(endingOf(begun(), refused(401))).toEqual({ kind: 'signed-out', unsure: false });
    expect(endingOf(begun(half), refused(401))).toEqual({ kind: 'signed-out', unsure: true });
  });

  test('what is no status of a server is not taken for done', () => {
    expect(mayBeDone(600)).toBe(false);
  });
});

describe('a write nobody answered', () => {
  test('may have arrived, if it can have left the machine', () => {
    const delivery = begun();
    const lost = (sent: boolean) =>
      endingOf(delivery, { kind: 'unanswered', why: 'unreachable', sent });
    const ending = { kind: 'later', why: 'unreachable', afterSeconds: undefined };
    expect(lost(false)).toEqual({ ...ending, unsure: false });
    expect(lost(true)).toEqual({ ...ending, unsure: true });
    // And what may once have arrived still may.
    expect(lost(false)).toEqual({ ...ending, unsure: true });
  });
  test.each(['unreachable', 'timeout', 'not-understood'] as const)('is for later: %s', why => {
    const ended = endingOf(begun(), { kind: 'unanswered', why, sent: true });
    expect(ended).toMatchObject({ kind: 'later', unsure: true, why });
  });
  test('and one whose session ended meanwhile may have too', () => {
    expect(endingOf(begun(), { kind: 'cancelled' })).toEqual({ kind: 'cancelled', unsure: true });
  });
  test('where some of it is there already, it is no longer ours to take back', () => {
    expect(later(begun(half), 'busy')).toMatchObject({ unsure: true });
    expect(later(begun(), 'busy')).toMatchObject({ unsure: false });
    expect(later(begun({ unsure: true }), 'busy')).toMatchObject({ unsure: true });
  });
  test('a person is told why, with the server’s words where it had any', () => {
    expect(needsHuman('gone')).toEqual({
      kind: 'needs-human',
      reason: { why: 'gone', status: undefined, says: [] },
    });
  });
});

const after = (failure: Failure, wanted: Wanted = sure) => endingOfReading(begun(wanted), failure);

describe('a question nobody answered', () => {
  test.each([
    [{ kind: 'unreachable' }, 'unreachable', undefined],
    [{ kind: 'timeout' }, 'timeout', undefined],
    [{ kind: 'not-understood', detail: '' }, 'not-understood', undefined],
    [{ kind: 'busy', retryAfterSeconds: 9 }, 'busy', 9],
    [{ kind: 'server-error', status: 500 }, 'server-error', undefined],
  ] as const)('%j is for later', (failure, why, afterSeconds) => {
    expect(after(failure)).toEqual({ kind: 'later', unsure: false, why, afterSeconds });
  });

  test.each([
    { kind: 'server-error', status: 499 },
    { kind: 'not-permitted' },
    { kind: 'not-supported' },
  ] as const)('%j is for the reader to judge', failure => {
    expect(after(failure)).toBeUndefined();
  });

  test('signed out is signed out', () => {
    expect(after({ kind: 'signed-out' })).toEqual({ kind: 'signed-out', unsure: false });
  });

  test('the end of the session leaves it as sure as it was', () => {
    const ended = { kind: 'cancelled' } as const;
    expect(after(ended)).toEqual({ kind: 'cancelled', unsure: false });
    expect(after(ended, half)).toEqual({ kind: 'cancelled', unsure: true });
    expect(after(ended, { unsure: true })).toEqual({ kind: 'cancelled', unsure: true });
  });
});
