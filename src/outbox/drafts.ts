import type { Signal } from '@preact/signals';
import { z } from 'zod/mini';
import type { Session } from '../fhir/session.ts';
import type { Acts } from './acts.ts';
import { type Database, problemOf } from './database.ts';
import type { Draft, DraftOf, Drafts, Kept } from './kept.ts';
import { freshKey, openKey, Sealed, SealedKey, seal, unseal } from './sealed.ts';
import { inTurn } from './turn.ts';
import { digest, type Whose } from './whose.ts';

/** One unfinished text as it lies on disk: whose and what about is in the digest that is its name. */
const DraftRow = z.looseObject({
  v: z.literal(1),
  id: z.string(),
  owner: z.string(),
  saved: z.string(),
  kid: z.string(),
  key: SealedKey,
  body: Sealed,
});
type DraftRow = z.output<typeof DraftRow>;

const Content = z.looseObject({});

export interface DraftsOptions {
  readonly session: Session;
  readonly whose: Whose;
  readonly database: Database;
  readonly acts: Pick<Acts, 'keyring' | 'renewed'>;
  /** Set when a draft lies here and cannot be opened. */
  readonly lost: Signal<boolean>;
}

const about = (
  { v, saved }: Pick<DraftRow, 'v' | 'saved'>,
  { iss, sub, patient }: Whose,
  of: DraftOf,
) => ['draft', v, iss, sub, patient, of.plan, of.name, saved] as const;

const nameOf = ({ plan, name }: DraftOf) => JSON.stringify([plan, name]);

/** Drafts of one person about one patient, each sealed like an act, so that nobody else's session opens them (C03). */
export function draftsOf({ session, whose, database, acts, lost }: DraftsOptions): Drafts {
  const turn = inTurn();
  const { iss, sub, patient } = whose;
  const idOf = ({ plan, name }: DraftOf) => digest(['draft', iss, sub, patient, plan, name]);
  /** Of several saves on their way only the newest is written; those before it share its end. */
  const newest = new Map<string, { content: Draft['content']; done: Promise<Kept> }>();

  async function write(of: DraftOf, content: Draft['content']): Promise<void> {
    const keyring = await acts.keyring();
    const to = keyring.newest();
    const saved = session.clock.now().toISOString();
    const header = { v: 1, id: await idOf(of), owner: whose.owner, saved, kid: to.kid } as const;
    const [key, sealedKey] = await freshKey(to, about(header, whose, of));
    const body = await seal(key, content, about(header, whose, of));
    const row: DraftRow = { ...header, key: sealedKey, body };
    await database.write(async transaction => {
      session.signal.throwIfAborted();
      await transaction.objectStore('drafts').put(row);
    });
    if (await acts.renewed()) await write(of, content);
  }

  async function writeNewest(of: DraftOf): Promise<Kept> {
    const wanted = newest.get(nameOf(of));
    newest.delete(nameOf(of));
    try {
      if (wanted) await write(of, wanted.content);
      return { ok: true };
    } catch (error) {
      return { ok: false, why: problemOf(error) };
    }
  }

  async function open(row: DraftRow, of: DraftOf): Promise<Draft | undefined> {
    const keyring = await acts.keyring();
    const recovery = await keyring.find(row.kid);
    if (!recovery || recovery === 'not-yet') return undefined;
    const key = await openKey(row.key, row.kid, recovery.privateKey, about(row, whose, of));
    const content = Content.parse(await unseal(key, row.body, about(row, whose, of)));
    return { content, saved: row.saved };
  }

  async function read(of: DraftOf): Promise<Draft | undefined> {
    const id = await idOf(of);
    const found: unknown = await database.read(transaction =>
      transaction.objectStore('drafts').get(id),
    );
    if (found === undefined) return undefined;
    const draft = await open(DraftRow.parse(found), of).catch(() => undefined);
    if (!draft) lost.value = true;
    return draft;
  }

  return {
    save(of, content) {
      const waiting = newest.get(nameOf(of));
      if (waiting) {
        waiting.content = content;
        return waiting.done;
      }
      const done = turn(() => writeNewest(of));
      newest.set(nameOf(of), { content, done });
      return done;
    },
    // Where nothing can be read, nothing was kept either: `storage` says so.
    find: of => turn(() => read(of).catch(() => undefined)),
    async drop(of) {
      newest.delete(nameOf(of));
      const id = await idOf(of);
      await turn(() =>
        database
          .write(transaction => transaction.objectStore('drafts').delete(id))
          .catch(() => undefined),
      );
    },
  };
}
