import type { Session } from '../src/fhir/session.ts';
import type { Decided, Reply } from '../src/record/changes/answer.ts';
import { discrepanciesOf } from '../src/record/changes/listed.ts';
import { type Changes, readChanges } from '../src/record/changes/read-changes.ts';
import { answered, type Bench, type Wanted } from './bench.ts';
import { writingBench } from './proposals.ts';

/** Somebody at a desk, and what they see of the changes that wait for a patient's GP. */
export interface ChangesBench {
  readonly it: Bench;
  readonly session: Session;
  readonly changes: Changes;
}

export async function changesBench(wanted: Wanted = {}): Promise<ChangesBench> {
  const it = await writingBench({ user: 'u-gp', patient: 'p2', ...wanted });
  const session = { ...it.session, user: { ...it.session.user, name: 'Ingrid Fastlund' } };
  return { it, session, changes: await changesOf(session) };
}

export async function changesOf(session: Session): Promise<Changes> {
  const read = await readChanges(session, 'Olav Prøvenes');
  if (!read.ok) throw new Error(JSON.stringify(read.failure));
  return read.changes;
}

/** With the list as all sources have it. */
export async function discrepanciesIn({ it, changes }: ChangesBench) {
  const record = await it.record();
  const { items } = await answered(record.medicines);
  return discrepanciesOf(
    changes.sendings.flatMap(sending => sending.changes),
    items,
  );
}

export function replyTo(
  changes: Changes,
  decisions: Readonly<Record<string, Omit<Decided, 'version'>>>,
  actions: Reply['actions'] = [],
): Reply {
  const [sending] = changes.sendings;
  if (!sending) throw new Error('Nothing was sent');
  const versions = new Map(
    sending.changes.map(({ source }) => [source.ref, source.version ?? ''] as const),
  );
  return {
    sending,
    actions,
    decisions: new Map(
      Object.entries(decisions).map(([ref, what]) => [
        ref,
        { ...what, version: versions.get(ref) ?? '' },
      ]),
    ),
  };
}

export const accept = { outcome: 'accept', value: undefined, reason: undefined } as const;
