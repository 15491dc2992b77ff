import { IDBFactory } from 'fake-indexeddb';
import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, test } from 'vitest';
import { type Database, databaseOf } from '../src/outbox/database.ts';
import { deviceKeys } from '../src/outbox/device-keys.ts';
import { isStill, putRow, type Row, readRows, removeRow, seqIn } from '../src/outbox/row.ts';
import { sweep } from '../src/outbox/sweep.ts';
import { inTurn } from '../src/outbox/turn.ts';
import { digest, hexOf, isBoundTo, whoseOf } from '../src/outbox/whose.ts';
import { recordOf } from './hand-made.tsx';
import { row } from './hand-made-acts.ts';
import { proposal } from './hand-made-outbox.ts';

const sealed = { iv: new Uint8Array(12), text: new Uint8Array(8) };

describe('a row on the disk', () => {
  test.each([
    ['as it was put', {}],
    ['from a later version, which knows more', { more: 1 }],
    [
      'on its way, with all it may have',
      { plan: 'p', acked: 'x', tried: 1, waiting: 'signed-out' },
    ],
    ['sealed', { key: { ...sealed, once: sealed.iv }, body: sealed, progress: sealed }],
    ['acknowledged', { state: 'acked' }],
    ['being sent', { state: 'sending', waiting: 'timeout' }],
    ['in doubt', { state: 'ambiguous', waiting: 'not-understood' }],
    ['in conflict', { state: 'conflict', waiting: 'busy' }],
    ['for a person', { state: 'needs-human', waiting: 'server-error' }],
    ['with nobody answering', { waiting: 'unreachable' }],
  ])('%s is read', (_, more) => {
    const one = { ...row(), ...more };
    expect(readRows([one], [])).toEqual({ rows: [one], strange: [], ledger: new Map() });
  });

  test.each([
    ['another version', { v: 2 }],
    ['a state we do not know', { state: 'sent' }],
    ['no number', { seq: 'x' }],
    ['a reason we do not know', { waiting: 'mood' }],
    ['no count', { attempts: undefined }],
    ['a body that is not sealed', { body: 'in the clear' }],
  ])('of %s is not read, but its owner knows of it', (_, more) => {
    const { rows, strange } = readRows([{ ...row(), ...more }], []);
    expect(rows).toEqual([]);
    expect(strange).toEqual([{ id: 'a', owner: 'owner', about: 'about' }]);
  });

  test('of nobody is nobody’s', () => {
    const { rows, strange } = readRows(['x', null, { id: 'a' }, { owner: 'o' }], []);
    expect([...rows, ...strange]).toEqual([]);
    expect(readRows([{ id: 'a', owner: 'o' }], []).strange).toEqual([{ id: 'a', owner: 'o' }]);
  });

  test('what the ledger says is known by id, and what is no entry is passed over', () => {
    const entry = { id: 'a', owner: 'o', revision: 3 };
    const entries = [
      entry,
      { id: 'b', owner: 'o' },
      { owner: 'o', revision: 1 },
      { id: 'c', revision: 1 },
    ];
    expect([...readRows([], entries).ledger]).toEqual([['a', entry]]);
  });

  test('the last number given is read, and where none can be, it is none', () => {
    expect(seqIn({ owner: 'o', seq: 4 })).toBe(4);
    expect(seqIn({ seq: '4' })).toBe(0);
    expect(seqIn(undefined)).toBe(0);
  });
});

const at = (made: string) => new Date(made);

describe('on the disk', () => {
  let database: Database;
  beforeEach(() => {
    const disk = new IDBFactory();
    database = databaseOf(() => disk, { made() {}, taken() {} });
  });
  const put = (one: Row) => database.write(transaction => putRow(transaction, one));
  const still = (one: Row) => database.write(transaction => isStill(transaction, one));
  const ids = async (store: 'items' | 'ledger' | 'keys') => {
    const all = await database.read(transaction => transaction.objectStore(store).getAll());
    return all.map(({ id }: { id: string }) => id);
  };

  test('row and ledger go together, and a row that another tab has changed is not what we knew', async () => {
    await put(row());
    expect(await ids('items')).toEqual(['a']);
    expect(await ids('ledger')).toEqual(['a']);
    expect(await still(row())).toBe(true);
    expect(await still(row({ revision: 2 }))).toBe(false);
    expect(await still(row({ id: 'never put' }))).toBe(false);
    await database.write(transaction => removeRow(transaction, 'a'));
    expect([...(await ids('items')), ...(await ids('ledger'))]).toEqual([]);
  });

  const NOW = new Date('2026-11-21T12:00:00Z');
  const day = (n: number) => new Date(NOW.getTime() - n * 86_400_000).toISOString();

  test('what arrived is remembered for thirty days; what has not is never swept away', async () => {
    await put(row({ id: 'yesterday', state: 'acked', acked: day(1) }));
    await put(row({ id: 'thirty days', state: 'acked', acked: day(30) }));
    await put(row({ id: 'longer', state: 'acked', acked: day(30.001) }));
    await put(row({ id: 'nobody knows when', state: 'acked' }));
    await put(row({ id: 'waiting for a year', acked: day(365) }));
    await sweep(database, 'owner', NOW);
    const left = ['nobody knows when', 'thirty days', 'waiting for a year', 'yesterday'];
    expect(await ids('items')).toEqual(left);
    expect(await ids('ledger')).toEqual(left);
  });

  test('a key goes when nothing is left that it opens: no row, and no draft', async () => {
    let keys = await deviceKeys.withFresh(database, 'owner', [], at('2026-01-01T00:00:00Z'));
    keys = await deviceKeys.withFresh(database, 'owner', keys, at('2026-04-01T00:00:00Z'));
    keys = await deviceKeys.withFresh(database, 'owner', keys, at('2026-07-01T00:00:00Z'));
    keys = await deviceKeys.withFresh(database, 'owner', keys, at('2026-11-20T00:00:00Z'));
    const [forRow, forDraft, forNothing, newest] = keys.map(({ kid }) => kid);
    await put(row({ kid: forRow! }));
    await database.write(async transaction => {
      await transaction.objectStore('drafts').put({ id: 'd', kid: forDraft });
      await transaction.objectStore('drafts').put({ id: 'odd', kid: 7 });
    });
    await sweep(database, 'owner', NOW);
    expect(new Set(await ids('keys'))).toEqual(new Set([forRow, forDraft, newest]));
    expect(await ids('keys')).not.toContain(forNothing);
  });
});

describe('whose it is', () => {
  const session = { ...recordOf().session, user: { sub: 'u', name: 'N', fhirUser: undefined } };

  test('is known by digests that say nothing, of exactly these parts', async () => {
    const { iss, patient } = session;
    const owner = await digest([iss, 'u']);
    const about = await digest([iss, 'u', patient]);
    expect(await whoseOf(session)).toEqual({ iss, sub: 'u', patient, owner, about });
    expect(owner).toMatch(/^[0-9a-f]{64}$/);
    expect(await digest(['a', 'b'])).not.toBe(await digest(['a,b']));
    expect(await digest([])).toBe(
      '4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945',
    );
    expect(hexOf(new Uint8Array([0, 15, 255]).buffer)).toBe('000fff');
  });

  test('is nobody’s where nobody was proven to have signed in', async () => {
    expect(await whoseOf(recordOf().session)).toBeUndefined();
  });

  test('is this session’s only with the same server, the same person and the same patient', () => {
    const bound = { ...proposal().bound, iss: session.iss, sub: 'u', patient: session.patient };
    expect(isBoundTo(session, bound)).toBe(true);
    expect(isBoundTo(session, { ...bound, iss: 'https://journal.example' })).toBe(false);
    expect(isBoundTo(session, { ...bound, sub: 'v' })).toBe(false);
    expect(isBoundTo(session, { ...bound, patient: 'Patient/p2' })).toBe(false);
  });
});

const pause = () =>
  new Promise(resolve => {
    setTimeout(resolve, 5);
  });

describe('one thing after another', () => {
  test('in the order asked for, whatever becomes of those before', async () => {
    const turn = inTurn();
    const done: string[] = [];
    const first = turn(async () => {
      await pause();
      done.push('first');
      throw new Error('broke');
    });
    const second = turn(async () => {
      done.push('second');
      return await Promise.resolve('answer');
    });
    expect(done).toEqual([]);
    await expect(first).rejects.toThrow('broke');
    expect(await second).toBe('answer');
    expect(done).toEqual(['first', 'second']);
  });
});
