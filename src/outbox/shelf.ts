import { type Act, openedAct } from './act.ts';
import type { Database } from './database.ts';
import type { Keyring } from './keyring.ts';
import { type Owned, type Row, type Rows, readRows } from './row.ts';
import { NOTHING_YET } from './stored.ts';
import type { Whose } from './whose.ts';

/** Everything that lies here, read at one moment. */
interface Shelf {
  /** This person's about this patient, opened as far as possible. */
  readonly mine: readonly Act[];
  readonly elsewhere: { readonly myOtherPatients: number; readonly others: number };
  /** This person's ledger knows of rows that are no longer there. */
  readonly missing: readonly string[];
  /** Something waits, whoever's it is. */
  readonly anything: boolean;
}

export async function readShelf(database: Database, keyring: Keyring, whose: Whose, known: Known) {
  const { all, read } = await database.read(async transaction => {
    const [items, entries]: [unknown[], unknown[]] = await Promise.all([
      transaction.objectStore('items').getAll(),
      transaction.objectStore('ledger').getAll(),
    ]);
    const ids: unknown[] = await transaction.objectStore('items').getAllKeys();
    return { all: new Set(ids), read: readRows(items, entries) };
  });
  const { rows, strange, ledger } = read;
  const ours = rows.filter(({ owner, about }) => owner === whose.owner && about === whose.about);
  const opened = await Promise.all(
    ours.map(row => soundAct(row, ledger.get(row.id)?.revision, keyring, whose, known)),
  );
  const isMine = ({ owner, about = whose.about }: Owned) =>
    owner === whose.owner && about === whose.about;
  return {
    mine: [...opened, ...strange.filter(isMine).map(one => strangeAct(one, whose, known))],
    elsewhere: counted(read, whose),
    missing: [...ledger.values()].flatMap(({ id, owner }) =>
      owner === whose.owner && !all.has(id) ? [id] : [],
    ),
    anything: strange.length > 0 || rows.some(({ state }) => state !== 'acked'),
  } satisfies Shelf;
}

/** What this page knows already, so that nothing is opened twice. */
export interface Known {
  readonly act: (id: string) => Act | undefined;
  readonly now: () => Date;
}

/**
 * A row must be the newest the ledger knows, and not older than this page has seen it. Anything else was put back from
 * somewhere, and sending it would repeat what may be long done or withdrawn (SAFETY TM50).
 */
async function soundAct(
  row: Row,
  ledger: number | undefined,
  keyring: Keyring,
  whose: Whose,
  { act }: Known,
): Promise<Act> {
  const before = act(row.id);
  const isOld = before?.kept === true && row.revision < before.row.revision;
  if (row.revision !== ledger || isOld) return { ...shut(row), readable: 'no' };
  if (before?.row.revision === row.revision && before.readable === 'yes') return before;
  const opened = await openedAct(row, whose, await keyring.find(row.kid));
  // The text goes from the disk when it has arrived; whoever looks at this page may still read it.
  return row.state === 'acked' && before ? { ...opened, proposal: before.proposal } : opened;
}

/** Not in any shape we know. It is shown all the same: something lies here. */
function strangeAct({ id, owner }: Owned, { about }: Whose, { act, now }: Known): Act {
  const row: Row = {
    v: 1,
    id,
    owner,
    about,
    seq: 0,
    revision: 0,
    state: 'needs-human',
    attempts: 0,
    unsure: true,
    since: now().toISOString(),
    waitMs: 0,
    told: false,
    kid: '',
  };
  return act(id) ?? { ...shut(row), readable: 'no' };
}

const shut = (row: Row) => ({
  row,
  proposal: undefined,
  progress: NOTHING_YET,
  key: undefined,
  kept: true,
});

function counted({ rows, strange }: Rows, { owner, about }: Whose) {
  const waiting = [...rows.filter(({ state }) => state !== 'acked'), ...strange];
  return {
    myOtherPatients: waiting.filter(
      one => one.owner === owner && one.about !== undefined && one.about !== about,
    ).length,
    others: waiting.filter(one => one.owner !== owner).length,
  };
}
