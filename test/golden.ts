import type { Session } from '../src/fhir/session.ts';
import { openRecord, type PatientRecord } from '../src/record/record.ts';
import { SECTIONS } from '../src/record/sources/kinds.ts';
import { bench, type Wanted } from './bench.ts';

/** Every answer that went into one patient's record, by `METHOD address body`; and a session that gets them again. */
export interface Golden {
  readonly answers: ReadonlyMap<string, string>;
  readonly session: Session;
  /** The record as it becomes when these answers come instead of the ones they have the names of. */
  readonly recordWith: (bent: ReadonlyMap<string, string>) => Promise<PatientRecord>;
}

const ALL_SOURCES: NonNullable<Wanted['sources']> = [
  { kind: 'kj', at: 'kj' },
  { kind: 'sfm', at: 'sfm' },
  { kind: 'mhd', at: 'pjd' },
  { kind: 'nilar', at: 'nilar' },
  { kind: 'pmd', at: 'pmd' },
  { kind: 'planer', at: 'planer' },
];

/** Single searches, so that one answer can be bent at a time; every kind of source is asked. */
export async function golden(wanted: Wanted): Promise<Golden> {
  const { session, sandbox } = await bench({ sources: ALL_SOURCES, ...wanted });
  await sandbox.fetch(
    new Request(`${sandbox.ehrOrigin}/ehr/sources`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ pmd: 'on' }),
    }),
  );
  const offer = session.offer.then(known => ({ ...known, batch: false }));
  const answers = new Map<string, string>();
  const plain: Session = { ...session, offer };
  await readAll({
    ...plain,
    fetch: async request => {
      const name = await nameOf(request);
      const response = await session.fetch(request);
      const text = await response.text();
      if (response.ok) answers.set(name, text);
      return new Response(text, response);
    },
  });
  const nothing = JSON.stringify({ resourceType: 'Bundle', type: 'searchset', entry: [] });
  const recordWith = (bent: ReadonlyMap<string, string>) =>
    readAll({
      ...plain,
      fetch: async request => {
        const name = await nameOf(request);
        return new Response(bent.get(name) ?? answers.get(name) ?? nothing);
      },
    });
  return { answers, session: plain, recordWith };
}

async function readAll(session: Session): Promise<PatientRecord> {
  const record = openRecord(session);
  await record.refresh();
  // Merging across sources is code that comes beside the first answers.
  for (const name of SECTIONS) if (record[name].value.state === 'loading') await nextTurn();
  await nextTurn();
  return record;
}

const nextTurn = () => new Promise(resolve => setTimeout(resolve));

const nameOf = async (request: Request) =>
  `${request.method} ${request.url} ${await request.clone().text()}`;
