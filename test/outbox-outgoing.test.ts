import { describe, expect, test } from 'vitest';
import type { Write } from '../src/fhir/proposal.ts';
import {
  carries,
  contentOf,
  identified,
  identifierToken,
  isPlain,
  isPutThere,
  requestOf,
  whereIs,
  writesOf,
} from '../src/outbox/outgoing.ts';
import { attempting, fresh, goal, reached } from './hand-made-delivery.ts';
import { proposal } from './hand-made-outbox.ts';

const URN = 'urn:uuid:1';
const mark = { system: 'urn:ietf:rfc:3986', value: URN };
const yes = () => true;

describe('the name that a new resource is found by again', () => {
  test('stands beside what names it has', () => {
    const other = { system: 's', value: 'v' };
    expect(identified(fresh('1', 'Task')).identifier).toEqual([mark]);
    expect(identified(fresh('1', 'Task', { identifier: [other] })).identifier).toEqual([
      other,
      mark,
    ]);
  });
  test.each(['Bundle', 'Composition', 'QuestionnaireResponse'])('is the only one of a %s', type => {
    expect(identified(fresh('1', type)).identifier).toEqual(mark);
  });
  test.each(['AuditEvent', 'Binary', 'Provenance'])('has no place in a %s', type => {
    expect(identified(fresh('1', type))).toEqual({ resourceType: type });
  });
  test('is not set twice', () => {
    const named = { resourceType: 'Task', identifier: [mark] };
    expect(identified(fresh('1', 'Task', named))).toEqual(named);
  });
  test.each([
    [[{ value: 'x' }, mark], true],
    [mark, true],
    [[{ value: 'x' }], false],
    [['urn:uuid:1', null], false],
    [undefined, false],
    [{ value: '1' }, false],
  ])('is known in %j: %s', (identifier, there) => {
    expect(carries({ resourceType: 'Task', identifier }, '1')).toBe(there);
  });
  test('is asked for with its system', () => {
    expect(identifierToken('1')).toBe('urn:ietf:rfc:3986|urn:uuid:1');
  });
});

const takes = (type: string, what: string) => type === 'Task' && what === 'update';

describe('how it is sent', () => {
  const task = fresh('1', 'Task', { status: 'requested' });
  const origin = fresh('2', 'Provenance');

  test('a change: whole, on the version that was read', () => {
    expect(requestOf(attempting().delivery, reached)).toEqual({
      method: 'PUT',
      address: 'Goal/g1',
      body: { ...goal, achievementStatus: { text: 'Nådd' } },
      ifMatch: 'W/"1"',
    });
  });
  test('under our own id, only if nothing lies there', () => {
    const { delivery } = attempting({ offer: { updateCreate: yes } });
    expect(requestOf(delivery, task)).toEqual({
      method: 'PUT',
      address: 'Task/1',
      body: { resourceType: 'Task', status: 'requested', id: '1', identifier: [mark] },
      ifNoneMatch: '*',
    });
    expect(isPlain(delivery, task)).toBe(false);
  });
  test('on condition that it is not there, where a server takes no ids of ours', () => {
    const { delivery } = attempting({ offer: { conditionalCreate: yes } });
    expect(requestOf(delivery, task)).toEqual({
      method: 'POST',
      address: 'Task',
      body: { resourceType: 'Task', status: 'requested', identifier: [mark] },
      ifNoneExist: 'identifier=urn:ietf:rfc:3986|urn:uuid:1',
    });
    expect(isPlain(delivery, task)).toBe(false);
    // Without a name there is nothing to make it conditional by.
    expect(isPlain(delivery, origin)).toBe(true);
  });
  test('plainly, where a server does neither', () => {
    const { delivery } = attempting();
    expect(isPlain(delivery, task)).toBe(true);
    expect(requestOf(delivery, origin)).toEqual({
      method: 'POST',
      address: 'Provenance',
      body: { resourceType: 'Provenance' },
    });
  });
  test.each([
    ['the server does not', {}, ['patient/*.cruds']],
    ['the type cannot be updated', { updateCreate: yes, takes: () => false }, ['patient/*.cruds']],
    ['we have no right to update', { updateCreate: yes }, ['patient/*.crs']],
    ['we have it for another type', { updateCreate: yes }, ['patient/Goal.cruds']],
  ])('not under our own id where %s', (_, offer, scopes) => {
    expect(isPutThere(attempting({ offer, scopes }).delivery, task)).toBe(false);
  });
  test('to update is what must be allowed, of that type', () => {
    const { delivery } = attempting({ offer: { updateCreate: type => type === 'Task', takes } });
    expect(isPutThere(delivery, task)).toBe(true);
    expect(isPutThere(delivery, origin)).toBe(false);
  });
});

describe('what points at what is sent along', () => {
  const answers = fresh('a', 'QuestionnaireResponse');
  const task = fresh('t', 'Task', {
    identifier: [{ system: 'x', value: 'urn:uuid:a' }],
    focus: { reference: 'urn:uuid:a' },
    input: [
      { valueUrl: 'urn:uuid:a' },
      { valueUri: 'urn:uuid:other' },
      { url: 'urn:uuid:a' },
      { valueUri: 'urn:uuid:a' },
    ],
    description: 'urn:uuid:a',
    note: null,
    for: { reference: 'Patient/p6' },
  });
  const with_ = (wanted: Parameters<typeof attempting>[0]) =>
    attempting({ writes: [answers, task, reached], ...wanted }).delivery;

  test('points at where that is, wherever an address stands, and a name stays a name', () => {
    const delivery = with_({ steps: { a: 'QuestionnaireResponse/77|1' } });
    expect(contentOf(delivery, task)).toEqual({
      resourceType: 'Task',
      identifier: [
        { system: 'x', value: 'urn:uuid:a' },
        { system: 'urn:ietf:rfc:3986', value: 'urn:uuid:t' },
      ],
      focus: { reference: 'QuestionnaireResponse/77' },
      input: [
        { valueUrl: 'QuestionnaireResponse/77' },
        { valueUri: 'urn:uuid:other' },
        { url: 'QuestionnaireResponse/77' },
        { valueUri: 'QuestionnaireResponse/77' },
      ],
      description: 'urn:uuid:a',
      note: null,
      for: { reference: 'Patient/p6' },
    });
  });
  test('or is going to be, where it gets our own id', () => {
    const delivery = with_({ offer: { updateCreate: yes } });
    expect(whereIs(delivery, 'a')).toBe('QuestionnaireResponse/a');
    expect(whereIs(delivery, 'unknown')).toBeUndefined();
    expect(whereIs(delivery, 'Goal/g1')).toBeUndefined();
  });
  test('is left as it is while nobody knows', () => {
    expect(whereIs(with_({}), 'a')).toBeUndefined();
    expect(contentOf(with_({}), task)['focus']).toEqual({ reference: 'urn:uuid:a' });
  });
  test('also in what is set on a shared resource', () => {
    const set = {
      at: 'extension:x',
      value: { url: 'x', valueReference: { reference: 'urn:uuid:a' } },
    };
    const one = { ...reached, sets: [{ ...set, label: '', words: '' }] };
    const delivery = with_({ steps: { a: 'QuestionnaireResponse/77' } });
    expect(contentOf(delivery, one)).toEqual({
      ...goal,
      extension: [{ url: 'x', valueReference: { reference: 'QuestionnaireResponse/77' } }],
    });
  });
});

const points = (uuid: string, ...at: readonly string[]) =>
  fresh(uuid, 'Task', { focus: at.map(each => ({ reference: `urn:uuid:${each}` })) });
const order = (...writes: readonly Write[]) =>
  writesOf(proposal({ writes }), new Map()).map(one => (one.kind === 'new' ? one.uuid : one.ref));

describe('the order in which it is written', () => {
  test('is as it was made, but each after what it points at', () => {
    expect(order(points('1'), points('2'), points('3'))).toEqual(['1', '2', '3']);
    expect(order(points('1', '2', '3'), points('2', '3'), points('3'))).toEqual(['3', '2', '1']);
    expect(order(points('1', 'elsewhere'))).toEqual(['1']);
  });
  test('what points at itself is no ring; what points back is', () => {
    expect(order(points('1', '1'))).toEqual(['1']);
    expect(() => order(points('1', '2'), points('2', '1'))).toThrow('in a ring');
  });
  test('a shared resource waits for the new one it is set to point at', () => {
    const sets = [{ ...reached.sets[0]!, value: { reference: 'urn:uuid:1' } }];
    expect(order({ ...reached, sets }, points('1'))).toEqual(['1', 'Goal/g1']);
  });
});

const targets = (...all: readonly unknown[]) =>
  fresh('o', 'Provenance', { target: all.map(reference => ({ reference })) });
const left = (decided: 'leave-theirs' | 'set-mine', ...writes: readonly Write[]) =>
  writesOf(proposal({ writes }), new Map([['Goal/g1', decided]]));

describe('a shared resource that the person left as theirs', () => {
  test('is not written, and Provenance does not say so', () => {
    const own = targets(
      'urn:uuid:t',
      'Goal/g1',
      'https://journal.example/fhir/Goal/g1',
      'Goal/g2',
      7,
    );
    const task = fresh('t', 'Task', { target: [{ reference: 'Goal/g1' }] });
    expect(left('leave-theirs', task, reached, own)).toEqual([
      task,
      targets('urn:uuid:t', 'Goal/g2', 7),
    ]);
  });
  test('leaves no Provenance of nothing', () => {
    expect(left('leave-theirs', reached, targets('Goal/g1'))).toEqual([]);
  });
  test('and Provenance without targets stays', () => {
    const own = fresh('o', 'Provenance', { target: 'x' });
    expect(left('leave-theirs', own)).toEqual([own]);
    const odd = fresh('o', 'Provenance', { target: ['Goal/g1'] });
    expect(left('leave-theirs', odd)).toEqual([odd]);
  });
  test('and where nothing was left, Provenance is as it was made', () => {
    expect(left('set-mine', targets())).toEqual([targets()]);
  });
  test('is written where the person sets theirs', () => {
    const all = [reached, targets('Goal/g1')];
    expect(left('set-mine', ...all)).toEqual(all);
  });
});
