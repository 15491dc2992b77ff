import { signal } from '@preact/signals';
import { describe, expect, test } from 'vitest';
import { z } from 'zod/mini';
import type { Raw } from '../src/fhir/ask.ts';
import { shelf } from '../src/fhir/references.ts';
import { frozenOf } from '../src/record/frozen.ts';
import type { Patient } from '../src/record/model.ts';
import type { Item, Reading } from '../src/record/reading.ts';
import {
  identifierKey,
  isWithdrawn,
  notAbout,
  ownShelf,
  type Reader,
  sift,
  sourceOf,
  uninterpretable,
  type Whose,
} from '../src/record/sift.ts';
import { amina, known, recordOf } from './hand-made.tsx';

const { session } = recordOf();
const whose: Whose = { session, identifiers: new Set(['s|1', '|bare']) };
const subject = { reference: 'Patient/p6' };
const flag = (more: Raw = {}): Raw => ({ resourceType: 'Flag', id: 'f1', subject, ...more });

const isAbout = (more: Raw) => notAbout({ resourceType: 'Flag', ...more }, whose);

describe('whose a resource is', () => {
  const contained = [
    null,
    { id: 'other', identifier: [{ system: 's', value: '1' }] },
    { id: 'pat', identifier: [null, { system: 's', value: '2' }, { system: 's', value: '1' }] },
    { id: 'stranger', identifier: [{ system: 's', value: '2' }] },
    { id: 'nobody' },
  ];

  test.each([
    [{ subject }],
    [{ patient: subject }],
    [{ subject, patient: { reference: 'Patient/p2' } }],
    [{ subject: { reference: 'https://journal.example/fhir/Patient/p6/_history/2' } }],
    [{ subject: { identifier: { system: 's', value: '1' } } }],
    [{ subject: { identifier: { value: 'bare' } } }],
    [{ subject: { reference: '#pat' }, contained }],
  ])('%j is this patient’s', more => {
    expect(isAbout(more)).toBeUndefined();
  });

  test.each([
    [{ subject: { reference: 'Patient/p60' } }],
    [{ subject: { reference: 'https://other.example/fhir/Patient/p6' } }],
    [{ subject: { reference: 'Patient/p2', identifier: { system: 's', value: '1' } } }],
    [{ subject: { identifier: { system: 's', value: '2' } } }],
    [{ subject: { identifier: { system: 'x', value: '1' } } }],
    [{ subject: { identifier: {} } }],
    [{ subject: { reference: '#stranger' }, contained }],
    [{ subject: { reference: '#nobody' }, contained }],
    [{ subject: { reference: '#missing' }, contained }],
    [{ subject: { reference: '#pat' } }],
    [{ subject: { reference: '#pat' }, contained: 'x' }],
  ])('%j is somebody else’s', more => {
    expect(isAbout(more)).toBe('other-patient');
  });

  test.each([
    [{}],
    [{ subject: 'Patient/p6' }],
    [{ subject: {} }],
    [{ subject: { reference: 6 } }],
  ])('%j does not say whose it is', more => {
    expect(isAbout(more)).toBe('no-patient');
  });

  test('a number is known with the system it belongs to', () => {
    expect(identifierKey({ system: 's', value: 'v' })).toBe('s|v');
    expect(identifierKey({ system: 1 })).toBe('|');
  });
});

const coded = (code: string) => ({ coding: [null, { code: 'y' }, { code }] });

describe('what was never true', () => {
  test.each([
    [{ status: 'entered-in-error' }, true],
    [{ docStatus: 'entered-in-error' }, true],
    [{ verificationStatus: coded('entered-in-error') }, true],
    [{ status: 'active', docStatus: 'final', verificationStatus: coded('confirmed') }, false],
    [{ verificationStatus: 'entered-in-error' }, false],
    [{ verificationStatus: { coding: 'entered-in-error' } }, false],
    [{}, false],
  ])('%j: %s', (more, withdrawn) => {
    expect(isWithdrawn(flag(more))).toBe(withdrawn);
  });
});

const listed = (levels: number): unknown[] => (levels === 0 ? [] : [listed(levels - 1)]);
const nested = (levels: number): Raw => (levels === 0 ? {} : { a: nested(levels - 1) });

describe('what may change the meaning in a way we do not know', () => {
  test.each([
    ['a modifier', { modifierExtension: [{}] }, ['modifierExtension']],
    ['one that is no list', { modifierExtension: {} }, ['modifierExtension']],
    ['one deep inside', { a: [{ b: { modifierExtension: [{}] } }] }, ['modifierExtension']],
    ['rules of its own', { implicitRules: 'x' }, ['implicitRules']],
    [
      'a part of the whole',
      { meta: { tag: [null, { code: 'y' }, { code: 'SUBSETTED' }] } },
      ['SUBSETTED'],
    ],
    [
      'all of it',
      {
        implicitRules: 'x',
        a: { modifierExtension: [{}] },
        meta: { tag: [{ code: 'SUBSETTED' }] },
      },
      ['implicitRules', 'modifierExtension', 'SUBSETTED'],
    ],
    ['more levels than anything real has', nested(61), ['nested too deeply']],
    ['lists within lists within lists', { a: listed(61) }, ['nested too deeply']],
    ['many levels', nested(60), []],
    ['an empty list of modifiers', { modifierExtension: [] }, []],
    ['no rules', { implicitRules: '' }, []],
    ['a modifier that is not set', { modifierExtension: undefined }, []],
    ['other tags', { meta: { tag: [{ code: 'x' }] } }, []],
    ['no list of tags', { meta: { tag: 'SUBSETTED' } }, []],
    ['no meta', { meta: 'SUBSETTED' }, []],
    ['the word in a text', { a: 'modifierExtension', b: ['implicitRules'] }, []],
  ])('%s', (_, more, doubts) => {
    expect(uninterpretable(more)).toEqual(doubts);
  });
});

interface Read extends Item {
  readonly text: string;
}
const reader: Reader<z.ZodMiniType<{ text: string }>, Read> = {
  shape: z.looseObject({ text: z.string() }),
  item(wire, about) {
    if (wire.text === 'trap') throw new Error('nobody thought of it');
    return { ...about, text: wire.text };
  },
  unreadable: about => ({ ...about, text: '?' }),
};

describe('a list of resources', () => {
  test('is read one by one: nothing hides its neighbours, and nothing is dropped', () => {
    const { items, setAside } = sift(
      reader,
      [
        flag({ text: 'a' }),
        flag({ id: 'f2', subject: { reference: 'Patient/p2' } }),
        flag({ id: 'f3', subject: undefined }),
        flag({ id: 'f4', status: 'entered-in-error' }),
        flag({ id: 'f5', text: 5 }),
        flag({ id: 'f6', text: 'b', implicitRules: 'x' }),
        flag({ id: 'f7', text: 'trap', implicitRules: 'x' }),
      ],
      whose,
    );
    expect(setAside).toEqual([
      { ref: 'Flag/f2', why: 'other-patient' },
      { ref: 'Flag/f3', why: 'no-patient' },
      { ref: 'Flag/f4', why: 'withdrawn' },
    ]);
    expect(items.map(({ text, flags }) => [text, ...flags])).toEqual([
      ['a'],
      ['?', 'unreadable'],
      ['b', 'uninterpretable'],
      ['?', 'uninterpretable', 'unreadable'],
    ]);
    expect(items.map(({ why }) => why)).toEqual([
      [],
      [expect.stringMatching(/^text: ./)],
      ['implicitRules'],
      ['implicitRules', 'Error: nobody thought of it'],
    ]);
  });

  test('says of each where it came from and what it is called there', () => {
    const meta = { versionId: '3', lastUpdated: '2026-11-21' };
    const identifier = [
      { system: 's', value: 'a' },
      'x',
      { value: 'b' },
      { system: 's' },
      { system: '', value: 'c' },
    ];
    const masterIdentifier = { system: 'm', value: 'd' };
    const [one] = sift(
      reader,
      [flag({ text: 'a', meta, identifier, masterIdentifier })],
      whose,
    ).items;
    expect(one?.source).toEqual({
      from: session.label,
      ref: 'Flag/f1',
      version: '3',
      lastUpdated: '2026-11-21',
    });
    expect(one?.identifiers).toEqual(['m|d', 's|a']);
    expect(
      sift(reader, [flag({ identifier: { system: 's', value: 'one' } })], whose).items[0]
        ?.identifiers,
    ).toEqual(['s|one']);
  });

  test('and where nothing is said of version and time, nothing is', () => {
    const none = { from: 'KJ', ref: 'Flag/f1', version: undefined, lastUpdated: undefined };
    expect(sourceOf(flag(), 'KJ')).toEqual(none);
    expect(sourceOf(flag({ meta: { versionId: 3 } }), 'KJ')).toEqual(none);
  });

  test('a name inside what is nested is told by its path', () => {
    const deep = {
      ...reader,
      shape: z.looseObject({ text: z.string(), a: z.looseObject({ b: z.string() }) }),
    };
    const [one] = sift(deep, [flag({ text: 'x', a: {} })], whose).items;
    expect(one?.why).toEqual([expect.stringMatching(/^a\.b: ./)]);
  });
});

const goal = (more: Raw): Raw => ({ resourceType: 'Goal', id: 'g1', ...more });
const found = (resource: Raw) =>
  ownShelf(shelf(session.iss, [resource]), whose).find({
    reference: `${String(resource['resourceType'])}/${String(resource['id'])}`,
  });

describe('what a plan refers to', () => {
  const modifierExtension = [{}];

  test.each([
    ['is this patient’s', goal({ subject }), true],
    ['is this patient’s by another name', goal({ patient: subject }), true],
    ['is nobody’s, as an organisation is', { resourceType: 'Organization', id: 'o1' }, true],
    [
      'is nobody’s, whatever is in doubt',
      { resourceType: 'Organization', id: 'o1', modifierExtension },
      true,
    ],
    [
      'is a team in doubt, which is said on every row',
      { resourceType: 'CareTeam', id: 't', subject, modifierExtension },
      true,
    ],
    ['is somebody else’s', goal({ subject: { reference: 'Patient/p2' } }), false],
    ['is somebody else’s by another name', goal({ patient: { reference: 'Patient/p2' } }), false],
    ['was withdrawn', goal({ subject, status: 'entered-in-error' }), false],
    ['may mean the opposite', goal({ subject, modifierExtension }), false],
  ])('%s: shown %s', (_, resource, shown) => {
    expect(found(resource)).toBe(shown ? resource : undefined);
  });

  test('is looked for inside it too, and what is not at hand can be asked for', () => {
    const all = ownShelf(shelf(session.iss, []), whose);
    const inside = { id: 'in', subject };
    expect(all.find({ reference: '#in' }, { contained: [inside] })).toBe(inside);
    expect(all.find({ reference: 'Goal/g9' })).toBeUndefined();
    expect(all.missing()).toEqual(['Goal/g9']);
  });
});

describe('nothing may be written', () => {
  const patient = signal<Reading<Patient>>({ state: 'loading' });
  const frozen = (who: Reading<Patient>, more: object = {}) => {
    patient.value = who;
    return frozenOf({ ...session, ...more }, patient).value;
  };

  test('while nobody has confirmed who this is', () => {
    expect(frozen({ state: 'loading' })).toBe('unread');
    expect(frozen(known<Patient>([]))).toBe('unread');
    expect(frozen(known([amina]))).toBeUndefined();
  });
  test('for a record that was merged into another, or is not in use', () => {
    expect(frozen(known([{ ...amina, replaced: true }]))).toBe('merged');
    expect(frozen(known([{ ...amina, inactive: true }]))).toBe('inactive');
  });
  test('on a copy of what the journal said earlier', () => {
    expect(frozen(known([amina]), { copiedAt: new Date() })).toBe('copy');
  });
  test('once the view is over, and it never comes back', () => {
    expect(frozen(known([amina]), { signal: AbortSignal.abort() })).toBe('over');
    const end = new AbortController();
    patient.value = known([amina]);
    const now = frozenOf({ ...session, signal: end.signal }, patient);
    expect(now.value).toBeUndefined();
    end.abort();
    expect(now.value).toBe('over');
  });
});
