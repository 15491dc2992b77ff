import { describe, expect, test } from 'vitest';
import { relinked } from '../src/outbox/links.ts';
import { sameContent } from '../src/outbox/same-content.ts';

const ISS = 'https://journal.example/fhir';
const same = (theirs: unknown, mine: unknown) => sameContent(theirs, mine, ISS);

describe('what the server has is what we sent, when it', () => {
  test.each([
    ['is the same', { status: 'active' }, { status: 'active' }],
    ['has more', { status: 'active', note: [{ text: 'x' }] }, { status: 'active' }],
    [
      'has an id, a version and a narrative of its own',
      { id: '1', meta: {}, text: {} },
      { id: '2', meta: { tag: 1 }, text: 'x' },
    ],
    ['has them in another order', { a: [2, 1, 3] }, { a: [1, 2] }],
    [
      'wrote the time in another zone',
      { at: '2026-11-21T19:15:00Z' },
      { at: '2026-11-21T20:15:00+01:00' },
    ],
    [
      'wrote it with thousandths',
      { at: '2026-11-21T19:15:00.000Z' },
      { at: '2026-11-21T19:15:00Z' },
    ],
    [
      'wrote a reference out',
      { for: { reference: `${ISS}/Patient/1` } },
      { for: { reference: 'Patient/1' } },
    ],
    [
      'wrote a version into it',
      { for: { reference: 'Patient/1/_history/3' } },
      { for: { reference: 'Patient/1' } },
    ],
    [
      'put a real address for ours',
      { for: { reference: 'Task/9' } },
      { for: { reference: 'urn:uuid:1' } },
    ],
    ['added to what is inside', { code: { text: 'a', coding: [] } }, { code: { text: 'a' } }],
  ])('%s', (_, theirs, mine) => {
    expect(same(theirs, mine)).toBe(true);
  });
});

describe('what the server has is not what we sent, when it', () => {
  test.each([
    ['says otherwise', { status: 'revoked' }, { status: 'active' }],
    ['lacks an element', {}, { status: 'active' }],
    ['is not a resource', null, { status: 'active' }],
    ['is a text', 'active', { status: 'active' }],
    ['lacks one of a list', { a: [1] }, { a: [1, 2] }],
    ['has one of a list twice and the other not', { a: [1, 1] }, { a: [1, 2] }],
    ['has fewer of the same', { a: [1] }, { a: [1, 1] }],
    ['has one thing where we have a list', { a: { length: 3 } }, { a: [] }],
    ['has a list where we have one thing', { a: [{ b: 1 }] }, { a: { b: 1 } }],
    ['lacks what is inside', { code: { text: 'a' } }, { code: { text: 'a', coding: [] } }],
    ['has another inside', { code: { meta: 1 } }, { code: { meta: 2 } }],
    ['has a number for a text', { a: 1 }, { a: '1' }],
    ['has a text for a number', { a: '1' }, { a: 1 }],
    ['has another time', { at: '2026-11-21T19:15:01Z' }, { at: '2026-11-21T19:15:00Z' }],
    [
      'has the same hour without a zone',
      { at: '2026-11-21T20:15:00' },
      { at: '2026-11-21T20:15:00+01:00' },
    ],
    [
      'has the time within a sentence',
      { at: 'kl 2026-11-21T19:15:00Z' },
      { at: '2026-11-21T20:15:00+01:00' },
    ],
    [
      'has words after the time',
      { at: '2026-11-21T19:15:00Z ca' },
      { at: '2026-11-21T20:15:00+01:00' },
    ],
    ['has two texts that are no times', { at: 'snart' }, { at: 'sent' }],
    ['points at another', { for: { reference: 'Patient/2' } }, { for: { reference: 'Patient/1' } }],
    [
      'points elsewhere',
      { for: { reference: 'https://other.example/fhir/Patient/1' } },
      { for: { reference: 'Patient/1' } },
    ],
    [
      'points into itself where we did elsewhere',
      { for: { reference: '#1' } },
      { for: { reference: '#2' } },
    ],
    ['has no word where we have an address', { for: {} }, { for: { reference: 'urn:uuid:1' } }],
    ['has a date for a time', { at: '2026-11-21' }, { at: '2026-11-21T00:00:00Z' }],
    ['has a time for a date', { at: '2026-11-21T00:00:00Z' }, { at: '2026-11-21' }],
    ['says one thing as we do, and another otherwise', { a: 1, b: 1 }, { a: 1, b: 2 }],
    ['has an address for a number', { reference: 'Task/1' }, { reference: 1 }],
    [
      'has another text that looks like an address',
      { say: 'Patient/1/_history/3' },
      { say: 'Patient/1' },
    ],
  ])('%s', (_, theirs, mine) => {
    expect(same(theirs, mine)).toBe(false);
  });

  test('and one value is compared as it is', () => {
    expect(same('a', 'a')).toBe(true);
    expect(same('a', 'b')).toBe(false);
  });
});

const known = (urn: string) => ({ 'urn:uuid:1': 'Task/7', 'urn:uuid:2': 'Encounter/8' })[urn];

describe('references to what was made together', () => {
  const written = {
    focus: { reference: 'urn:uuid:1' },
    about: [{ reference: 'urn:uuid:2' }, { reference: 'Patient/1' }],
  };
  const linked = (there: Record<string, unknown>) => relinked(ISS, there, written, known);

  test('are left where they lead there', () => {
    expect(linked({ focus: { reference: 'Task/7' } })).toBeUndefined();
    expect(linked({ focus: { reference: `${ISS}/Task/7/_history/1` } })).toBeUndefined();
  });
  test('are set right where they lead elsewhere, and nothing else is touched', () => {
    const there = {
      id: '5',
      focus: { reference: 'Task/404', display: 'Spørsmål' },
      about: [{ reference: 'Encounter/404' }, { reference: 'Patient/1' }, { reference: 'Flag/1' }],
      note: 'x',
    };
    expect(linked(there)).toEqual({
      id: '5',
      focus: { reference: 'Task/7', display: 'Spørsmål' },
      about: [{ reference: 'Encounter/8' }, { reference: 'Patient/1' }, { reference: 'Flag/1' }],
      note: 'x',
    });
  });
  test.each([
    ['there is no reference', { focus: { display: 'x' } }],
    ['there is something else', { focus: 'Task/404', about: 'x' }],
    ['a list stands for one', { focus: [{ reference: 'Task/404' }] }],
    ['it is not known where it is', { about: [{ reference: 'x' }, { reference: 'Patient/2' }] }],
  ])('are left where %s', (what, there) => {
    const but = what === 'it is not known where it is' ? () => undefined : known;
    expect(relinked(ISS, there, written, but)).toBeUndefined();
  });
});
