import { describe, expect, test } from 'vitest';
import { localRef, refOf, shelf } from '../src/fhir/references.ts';

const ISS = 'https://journal.example/fhir';
const team = { resourceType: 'CareTeam', id: 't1' };
const plan = {
  resourceType: 'CarePlan',
  id: 'p1',
  contained: ['x', { resourceType: 'CareTeam', id: 'inside' }],
};

test.each([
  [{ resourceType: 'Flag', id: '1' }, 'Flag/1'],
  [{ resourceType: 'Flag' }, 'Flag'],
  [{ resourceType: 'Flag', id: 1 }, 'Flag'],
  [{ id: '1' }, 'Resource/1'],
])('%j is called %s', (resource, name) => {
  expect(refOf(resource)).toBe(name);
});

describe('an address of this server, as it may be written', () => {
  test.each([
    'Patient/p1',
    'Patient/p1/_history/3',
    `${ISS}/Patient/p1`,
    `${ISS}/Patient/p1/_history/3`,
    '/fhir/Patient/p1',
  ])('%s is the same', reference => {
    expect(localRef(ISS, reference)).toBe('Patient/p1');
    expect(localRef(`${ISS}/`, reference)).toBe('Patient/p1');
  });
  test('an id may have letters, digits, hyphens and points, up to 64', () => {
    const longest = `Patient/${'aA0-.'.repeat(12)}wxyz`;
    expect(localRef(ISS, longest)).toBe(longest);
    expect(localRef(ISS, `${longest}5`)).toBeUndefined();
  });
  test.each([
    undefined,
    '',
    '#p1',
    'urn:uuid:1',
    'urn:oid:1.2',
    'https://journal.example/fhir2/Patient/p1',
    'https://other.example/fhir/Patient/p1',
    'Patient',
    'Patient/',
    '/Patient/p1',
    'patient/p1',
    'P/p1',
    'Patient2/p1',
    '2Patient/p1',
    'Patient/p_1',
    'Patient/_p1',
    'Patient/.',
    'Patient/..',
    'Patient/%2e%2e',
    'Patient/p1/_history',
    'Patient/p1/history/3',
    'Patient/p1/_history/3/4',
    'Patient/p1/$everything',
  ])('%s is none', reference => {
    expect(localRef(ISS, reference)).toBeUndefined();
  });
});

const on = () => shelf(ISS, [team, plan]);

describe('what is at hand', () => {
  test('is found by any form of its address', () => {
    const all = on();
    expect(all.find({ reference: 'CareTeam/t1' })).toBe(team);
    expect(all.find({ reference: `${ISS}/CareTeam/t1/_history/1` })).toBe(team);
    expect(all.missing()).toEqual([]);
  });
  test('is found inside the resource that refers to it, and nowhere else', () => {
    const all = on();
    expect(all.find({ reference: '#inside' }, plan)).toBe(plan.contained[1]);
    expect(all.find({ reference: '#other' }, plan)).toBeUndefined();
    expect(all.find({ reference: '#inside' }, team)).toBeUndefined();
    expect(all.find({ reference: '#inside' })).toBeUndefined();
    expect(all.missing()).toEqual([]);
  });
  test('and what is not is worth asking for, once, if it can be', () => {
    const all = on();
    for (const reference of ['Goal/g1', `${ISS}/Goal/g1`, 'https://other.example/Goal/g2', 'urn:x'])
      expect(all.find({ reference })).toBeUndefined();
    expect(all.find(undefined)).toBeUndefined();
    expect(all.find({ display: 'x' })).toBeUndefined();
    expect(all.missing()).toEqual(['Goal/g1']);
  });
});
