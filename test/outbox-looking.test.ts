import { describe, expect, test } from 'vitest';
import type { Raw } from '../src/fhir/ask.ts';
import { look } from '../src/outbox/there-already.ts';
import {
  attempting,
  fresh,
  goal,
  page,
  reached,
  subject,
  type Wanted,
} from './hand-made-delivery.ts';

const yes = () => true;
const named = (uuid: string) => ({
  identifier: [{ system: 'urn:ietf:rfc:3986', value: `urn:uuid:${uuid}` }],
});
const task = fresh('t', 'Task', { status: 'requested', for: subject });
const BY_NAME = 'Task?identifier=urn:ietf:rfc:3986|urn:uuid:t';
const there = (id: string, more: Raw = {}): Raw => ({
  resourceType: 'Task',
  id,
  meta: { versionId: '1' },
  status: 'requested',
  for: subject,
  ...named('t'),
  ...more,
});
const person = (why: string) => ({
  kind: 'needs-human',
  reason: { why, status: undefined, says: [] },
});

async function looked(wanted: Wanted) {
  const { delivery, asked } = attempting({ writes: [task], ...wanted });
  const ended = await look(delivery);
  return { ended, asked, delivery, done: Object.fromEntries(delivery.done) };
}

describe('before something is sent again, it is looked for', () => {
  test('by its name, and what is there is not sent', async () => {
    const { ended, asked, done, delivery } = await looked({
      there: { [BY_NAME]: page(there('9')) },
    });
    expect(ended).toBeUndefined();
    expect(asked).toEqual([BY_NAME]);
    expect(done).toEqual({ t: { ref: 'Task/9', version: '1' } });
    expect(delivery.unsure).toBe(false);
  });

  test('where a server takes our ids also by that, and what is not there may be sent', async () => {
    const { ended, asked, done, delivery } = await looked({ offer: { updateCreate: yes } });
    expect(ended).toBeUndefined();
    expect(asked).toEqual(['Task/t', BY_NAME]);
    expect(done).toEqual({});
    expect(delivery.unsure).toBe(false);
  });

  test('each of several, and what is wrong with one does not wait for the others', async () => {
    const writes = [task, fresh('u', 'Task', { for: subject })];
    const other = 'Task?identifier=urn:ietf:rfc:3986|urn:uuid:u';
    const both = { [BY_NAME]: page(there('8')), [other]: page(there('9', named('u'))) };
    expect(Object.keys((await looked({ writes, there: both })).done)).toEqual(['t', 'u']);
    const broken = await looked({ writes, there: { ...both, [BY_NAME]: 500 } });
    expect(broken.ended).toMatchObject({ kind: 'later' });
  });

  test('the same one found both ways is one', async () => {
    const { ended, done } = await looked({
      offer: { updateCreate: yes },
      there: { 'Task/t': there('t'), [BY_NAME]: page(there('t')) },
    });
    expect(ended).toBeUndefined();
    expect(done).toEqual({ t: { ref: 'Task/t', version: '1' } });
  });

  test('two of it are for a person to see', async () => {
    const { ended, done } = await looked({
      offer: { updateCreate: yes },
      there: { 'Task/t': there('t'), [BY_NAME]: page(there('9')) },
    });
    expect(ended).toEqual(person('several-there'));
    expect(done).toEqual({});
  });

  test.each([
    ['another patient’s', { for: { reference: 'Patient/p2' } }],
    ['nobody’s', { for: undefined }],
  ])('what is there is %s: a person must look', async (_, more) => {
    const { ended, done } = await looked({ there: { [BY_NAME]: page(there('9', more)) } });
    expect(ended).toEqual(person('other-there'));
    expect(done).toEqual({});
  });

  test('what was answered or added since does not make it another', async () => {
    const { ended, done } = await looked({
      there: { [BY_NAME]: page(there('9', { status: 'accepted' })) },
    });
    expect(ended).toBeUndefined();
    expect(done).toMatchObject({ t: { ref: 'Task/9' } });
  });

  test('something else under our id is not overwritten', async () => {
    const other = there('t', { status: 'draft', identifier: [] });
    const { ended } = await looked({ offer: { updateCreate: yes }, there: { 'Task/t': other } });
    expect(ended).toEqual(person('other-there'));
  });
});

describe('what was sent once, and cannot be told from a second copy', () => {
  const started = { t: '?' };
  const others = page(there('9', { identifier: [{ value: 'x' }] }));

  test.each([
    ['is not found by its name: a person must look', {}],
    ['is not to be asked for: a person must look', { [BY_NAME]: 403 }],
    [
      'a server that passes over the question gives others: a person must look',
      { [BY_NAME]: others },
    ],
  ])('%s', async (_, answers) => {
    const { ended, delivery } = await looked({ steps: started, there: answers });
    expect(ended).toEqual(person('cannot-tell'));
    expect(delivery.started.has('t')).toBe(true);
  });

  test('is there: it has arrived', async () => {
    const { ended, done, delivery } = await looked({
      steps: started,
      there: { [BY_NAME]: page(there('9')) },
    });
    expect(ended).toBeUndefined();
    expect(done).toMatchObject({ t: { ref: 'Task/9' } });
    expect(delivery.started.size).toBe(0);
  });

  test('others beside it are nobody’s business', async () => {
    const both = page(there('8', { identifier: [], status: 'draft' }), there('9'));
    const { ended, done } = await looked({ steps: started, there: { [BY_NAME]: both } });
    expect(ended).toBeUndefined();
    expect(done).toMatchObject({ t: { ref: 'Task/9' } });
  });
});

describe('a server that does not answer the question', () => {
  test.each([
    ['has no time', 503, { kind: 'later', why: 'busy' }],
    ['breaks', 500, { kind: 'later', why: 'server-error' }],
    ['no longer knows who we are', 401, { kind: 'signed-out' }],
  ])('%s: it is not sent', async (_, status, ending) => {
    const { ended, delivery } = await looked({ there: { [BY_NAME]: status } });
    expect(ended).toMatchObject(ending);
    expect(delivery.unsure).toBe(true);
  });

  test('gives a list that is no list: it is not sent', async () => {
    const { ended } = await looked({ there: { [BY_NAME]: { resourceType: 'Basic' } } });
    expect(ended).toMatchObject({ kind: 'later', why: 'not-understood' });
  });

  test('gives a list that is not whole: what is started is for a person', async () => {
    const first = { ...page(), link: [{ relation: 'next', url: 'Task?page=2' }] };
    const { ended } = await looked({
      steps: { t: '?' },
      there: { [BY_NAME]: first, 'Task?page=2': 500 },
    });
    expect(ended).toEqual(person('cannot-tell'));
  });

  test('does not let us read it: what was never sent may be sent', async () => {
    const { ended, delivery } = await looked({ there: { [BY_NAME]: 403 } });
    expect(ended).toBeUndefined();
    expect(delivery.unsure).toBe(false);
  });
});

const stored = (id: string, more: Raw = {}) => ({
  resourceType: 'Provenance',
  id,
  target: [{ reference: 'Task/9' }, { reference: 'Goal/g1' }],
  recorded: 'x',
  agent: [],
  ...more,
});

describe('Provenance, which has no name', () => {
  const target = [{ reference: 'urn:uuid:t' }, { reference: 'Goal/g1' }];
  const origin = fresh('o', 'Provenance', { target, recorded: 'x', agent: [] });
  const BY_TARGET = 'Provenance?target=Task/9';
  const arrived = { [BY_NAME]: page(there('9')) };
  const writes = [task, origin];

  test('is looked for by what of ours it is about, once that has been found', async () => {
    const { ended, asked, done } = await looked({
      writes,
      there: { ...arrived, [BY_TARGET]: page(stored('5')) },
    });
    expect(ended).toBeUndefined();
    expect(asked).toEqual([BY_NAME, BY_TARGET]);
    expect(done).toMatchObject({ o: { ref: 'Provenance/5' } });
  });

  test('and where nothing of that is there nobody is asked', async () => {
    const { ended, asked, delivery } = await looked({ writes, steps: { o: '?' } });
    expect(asked).toEqual([BY_NAME]);
    expect(ended).toBeUndefined();
    expect(delivery.started.size).toBe(0);
  });

  test('also by our own id, where it can lie under that; not where it cannot be there', async () => {
    const offer = { updateCreate: yes };
    const { asked } = await looked({ writes, offer, there: arrived });
    expect(asked).toEqual(['Task/t', BY_NAME, 'Provenance/o', BY_TARGET]);
    expect((await looked({ writes: [origin], offer })).asked).toEqual([]);
    const audit = fresh('o', 'AuditEvent');
    expect((await looked({ writes: [audit], offer })).asked).toEqual(['AuditEvent/o']);
  });

  test('another about the same is not it; one that was sent and is not there may be sent again', async () => {
    const { ended, done, delivery } = await looked({
      writes,
      steps: { o: '?' },
      there: { ...arrived, [BY_TARGET]: page(stored('5', { recorded: 'y' })) },
    });
    expect(ended).toBeUndefined();
    expect(done).not.toHaveProperty('o');
    expect(delivery.started.has('o')).toBe(false);
  });

  test('where it may not be asked for, one that was sent is for a person', async () => {
    const { ended, delivery } = await looked({
      writes,
      steps: { o: '?' },
      there: { ...arrived, [BY_TARGET]: 403 },
    });
    expect(ended).toEqual(person('cannot-tell'));
    expect(delivery.started.has('o')).toBe(true);
  });

  test('that is not there by any of the ways it could be found may be sent again', async () => {
    const wanted = { steps: { o: '?' }, offer: { updateCreate: yes }, there: arrived };
    for (const one of [origin, fresh('o', 'AuditEvent')]) {
      const { ended, delivery } = await looked({ ...wanted, writes: [task, one] });
      expect(ended).toBeUndefined();
      expect(delivery.started.size).toBe(0);
    }
  });

  test('in a list that is not whole may be there all the same', async () => {
    const cut = { ...page(), link: [{ relation: 'next', url: 'Provenance?page=2' }] };
    const { ended } = await looked({
      writes,
      steps: { o: '?' },
      there: { ...arrived, [BY_TARGET]: cut, 'Provenance?page=2': 500 },
    });
    expect(ended).toEqual(person('cannot-tell'));
  });

  test('of nothing but shared things is looked for by those', async () => {
    const shared = fresh('o', 'Provenance', {
      target: [{ reference: 'Goal/g1' }, 'x', {}, { reference: 'Goal/g2' }],
    });
    const { asked } = await looked({ writes: [shared] });
    expect(asked).toEqual(['Provenance?target=Goal/g1,Goal/g2']);
  });

  test('of nothing is not looked for', async () => {
    const { asked, ended } = await looked({ writes: [fresh('o', 'Provenance', { target: 'x' })] });
    expect(asked).toEqual([]);
    expect(ended).toBeUndefined();
  });

  test('and what else has no name is not looked for by one', async () => {
    const audit = fresh('o', 'AuditEvent', { target: [{ reference: 'Goal/g1' }] });
    const { asked, ended } = await looked({ writes: [audit], steps: { o: '?' } });
    expect(asked).toEqual([]);
    expect(ended).toEqual(person('cannot-tell'));
  });
});

const now = (more: Raw = {}) => ({ ...goal, meta: { versionId: '2' }, ...more });
const shared = (wanted: Wanted) => looked({ writes: [reached], ...wanted });
const conflict = (seen: Raw | undefined) => ({
  kind: 'conflict',
  conflicts: [{ ref: 'Goal/g1', theirs: seen, read: goal, mine: reached.sets }],
});

describe('a shared resource that is to be changed', () => {
  const ours = { achievementStatus: { text: 'Nådd' } };
  const theirs = { achievementStatus: { text: 'Ikke nådd' } };
  const mine = { decided: new Map([['Goal/g1', 'set-mine']] as const) };

  test('is as it was read: the change may be sent', async () => {
    const { ended, asked, done, delivery } = await shared({
      steps: { 'Goal/g1': '?' },
      there: { 'Goal/g1': goal },
    });
    expect(ended).toBeUndefined();
    expect(asked).toEqual(['Goal/g1']);
    expect(done).toEqual({});
    expect(delivery.started.size).toBe(0);
    expect(delivery.bases.size).toBe(0);
  });

  test('is changed as we would change it: it has arrived', async () => {
    const { ended, done } = await shared({ there: { 'Goal/g1': now(ours) } });
    expect(ended).toBeUndefined();
    expect(done).toEqual({ 'Goal/g1': { ref: 'Goal/g1', version: '2' } });
  });

  test('was changed by somebody else: both versions, and nothing is set', async () => {
    const { ended, done, delivery } = await shared({ there: { 'Goal/g1': now(theirs) } });
    expect(ended).toEqual(conflict(now(theirs)));
    expect(done).toEqual({});
    expect(delivery.bases.size).toBe(0);
    expect(delivery.unsure).toBe(true);
  });

  test('has our value, but somebody else changed the rest: a conflict all the same', async () => {
    const seen = now({ ...ours, lifecycleStatus: 'cancelled' });
    expect((await shared({ there: { 'Goal/g1': seen } })).ended).toEqual(conflict(seen));
  });

  test('unless it was sent on a newer version and nobody answered: then it is there', async () => {
    const seen = now({ ...ours, lifecycleStatus: 'cancelled' });
    const wanted = { steps: { 'Goal/g1': '?' }, there: { 'Goal/g1': seen } };
    expect((await shared(wanted)).done).toHaveProperty('Goal/g1');
    const decided = { ...mine, there: { 'Goal/g1': seen } };
    expect((await shared(decided)).done).toHaveProperty('Goal/g1');
  });

  test('was changed by the same author’s earlier act: ours is set on that', async () => {
    const { ended, delivery } = await shared({
      ours: version => version === 'Goal/g1|2',
      there: { 'Goal/g1': now(theirs) },
    });
    expect(ended).toBeUndefined();
    expect(delivery.bases.get('Goal/g1')).toEqual({
      resource: now(theirs),
      version: '2',
      moved: true,
    });
  });

  test('and so it is where the person has chosen it', async () => {
    const { ended, delivery } = await shared({ ...mine, there: { 'Goal/g1': now(theirs) } });
    expect(ended).toBeUndefined();
    expect(delivery.bases.get('Goal/g1')?.version).toBe('2');
  });

  test('is gone: a conflict with nothing, and where the person has chosen already, for a person', async () => {
    expect((await shared({})).ended).toEqual(conflict(undefined));
    expect((await shared(mine)).ended).toEqual(person('gone'));
  });

  test.each([
    ['may not be read', 403, person('unreadable')],
    ['is not answered', 500, { kind: 'later', why: 'server-error' }],
    ['is another', { ...goal, id: 'g2' }, person('other-there')],
    [
      'is another patient’s',
      { ...goal, subject: { reference: 'Patient/p2' } },
      person('other-there'),
    ],
    ['has no version', { ...goal, meta: {} }, person('unreadable')],
    [
      'came in part',
      { ...goal, meta: { versionId: '1', tag: [{ code: 'x' }, { code: 'SUBSETTED' }] } },
      person('unreadable'),
    ],
  ])('%s: nothing is set', async (_, seen, ending) => {
    const { ended, done } = await shared({ there: { 'Goal/g1': seen } });
    expect(ended).toMatchObject(ending);
    expect(done).toEqual({});
  });

  test.each([
    ['other', [{ code: 'x' }, null, 'SUBSETTED']],
    ['no', 'SUBSETTED'],
  ])('with %s tags it is whole', async (_, tag) => {
    const { ended } = await shared({
      there: { 'Goal/g1': { ...goal, meta: { versionId: '1', tag } } },
    });
    expect(ended).toBeUndefined();
  });

  test('two conflicts are told at once, and what is wrong with one before both', async () => {
    const other = { ...reached, ref: 'Goal/g2', read: { ...goal, id: 'g2' } };
    const writes = [reached, other];
    const both = { 'Goal/g1': now(theirs), 'Goal/g2': { ...now(theirs), id: 'g2' } };
    const { ended } = await shared({ writes, there: both });
    expect(ended).toMatchObject({ conflicts: [{ ref: 'Goal/g1' }, { ref: 'Goal/g2' }] });
    const { ended: first } = await shared({ writes, there: { ...both, 'Goal/g2': 500 } });
    expect(first).toMatchObject({ kind: 'later' });
  });
});
