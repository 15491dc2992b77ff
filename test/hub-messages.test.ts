import { describe, expect, test } from 'vitest';
import { patientIn, periodIn, readMessage } from '../src/follow/hub-message.ts';

const event = {
  'hub.topic': 'chart-1',
  'hub.event': 'Patient-open',
  context: [{ key: 'patient' }],
};
const message = { timestamp: '2026-11-21T19:15:00Z', id: 'e1', event };
const read = (value: unknown) =>
  readMessage(typeof value === 'string' ? value : JSON.stringify(value));

describe('what the hub says', () => {
  test('of an event: which, of which chart, about what, and when', () => {
    expect(read(message)).toEqual({
      kind: 'event',
      id: 'e1',
      topic: 'chart-1',
      name: 'patient-open',
      context: [{ key: 'patient' }],
      at: Date.parse('2026-11-21T19:15:00Z'),
    });
  });
  test('of an event without context or a time that can be read', () => {
    const { context: _, ...bare } = event;
    expect(read({ ...message, timestamp: 'now', event: bare })).toMatchObject({
      context: [],
      at: undefined,
    });
  });
  test('of an event is read before anything else in the same message', () => {
    expect(read({ ...message, 'hub.mode': 'denied' })).toMatchObject({ kind: 'event' });
  });
  test.each([
    [{ 'hub.mode': 'subscribe', 'hub.topic': 't', 'hub.lease_seconds': 60 }, 60],
    [{ 'hub.mode': 'subscribe', 'hub.topic': 't', 'hub.lease_seconds': '60' }, 60],
    [{ 'hub.mode': 'subscribe', 'hub.topic': 't' }, Number.NaN],
  ])('%j: that it sends to us, and for how long', (told, leaseSeconds) => {
    expect(read(told)).toEqual({ kind: 'confirmed', leaseSeconds });
  });
  test('no: then it does not', () => {
    expect(read({ 'hub.mode': 'denied', 'hub.topic': 't' })).toEqual({ kind: 'denied' });
  });
  test.each([
    ['<html>'],
    ['null'],
    [{}],
    [{ 'hub.mode': 'unsubscribe', 'hub.topic': 't' }],
    [{ 'hub.mode': 'subscribe' }],
    [{ 'hub.mode': 'subscribe', 'hub.topic': 't', 'hub.lease_seconds': true }],
    [{ ...message, id: 1 }],
    [{ ...message, timestamp: undefined }],
    [{ ...message, event: undefined }],
    [{ ...message, event: { ...event, 'hub.event': undefined } }],
    [{ ...message, event: { ...event, 'hub.topic': 1 } }],
    [{ ...message, event: { ...event, context: 'p1' } }],
  ])('%j cannot be read, and may have been a change of patient', told => {
    expect(read(told)).toEqual({ kind: 'unreadable' });
  });
});

const FNR = 'urn:oid:2.16.578.1.12.4.1.4.1';
const NOBODY = { id: undefined, ids: [], name: undefined };

describe('whom a context tells of', () => {
  const resource = {
    resourceType: 'Patient',
    id: 'p2',
    name: [{ text: 'Olav Prøvenes' }],
    identifier: [{ system: FNR, value: '12850798271' }],
  };
  const olav = { id: 'p2', ids: [{ kind: 'fnr', value: '12850798271' }], name: 'Olav Prøvenes' };

  test.each([
    ['by its key', [{ key: 'patient', resource: { ...resource, resourceType: undefined } }]],
    ['by its type', [{ key: 'study', resource }]],
    [
      'after something else',
      [
        'x',
        { key: 'encounter', resource: { resourceType: 'Encounter', id: 'p6' } },
        { key: 'patient', resource },
      ],
    ],
    [
      'before somebody else',
      [
        { key: 'patient', resource },
        { key: 'patient', resource: { id: 'p6' } },
      ],
    ],
  ])('%s', (_, context) => {
    expect(patientIn(context)).toEqual(olav);
  });
  test('with as little as is said', () => {
    expect(patientIn([{ key: 'patient', resource: {} }])).toEqual(NOBODY);
  });
  test.each([
    ['nothing', []],
    ['no resource', [{ key: 'patient' }]],
    ['a resource without a key', [{ resource }]],
    ['another resource', [{ key: 'encounter', resource: { resourceType: 'Encounter', id: 'p6' } }]],
    ['an id that is no text', [{ key: 'patient', resource: { ...resource, id: 2 } }]],
    ['a type that is no text', [{ key: 'patient', resource: { ...resource, resourceType: 2 } }]],
  ])('%s: somebody nobody knows', (_, context) => {
    expect(patientIn(context)).toEqual(NOBODY);
  });
});

test.each([
  [[{ key: 'period', decimal: '10' }], 10],
  [[{ key: 'period', decimal: 10.5 }], 10.5],
  [['x', { key: 'other', decimal: 3 }, { key: 'period', decimal: 10 }], 10],
  [
    [
      { key: 'period', decimal: 0 },
      { key: 'period', decimal: 20 },
    ],
    20,
  ],
  [[{ key: 'period', decimal: '-1' }], undefined],
  [[{ key: 'period', decimal: 'often' }], undefined],
  [[{ key: 'period' }], undefined],
  [[], undefined],
])('a heart that beats, by %j, every %s seconds', (context, seconds) => {
  expect(periodIn(context)).toBe(seconds);
});
