import type { Proposal } from '../fhir/proposal.ts';
import type { RecoveryKey } from './recovery-key.ts';
import type { Row } from './row.ts';
import { freshKey, openKey, seal, unseal } from './sealed.ts';
import { NOTHING_YET, type Progress, progressIn, proposalIn } from './stored.ts';
import { digest, type Whose } from './whose.ts';

/** One act as this page knows it. */
export interface Act {
  readonly row: Row;
  /** `not-yet`: its key is with the server, and has not come. `no`: it was altered, or its key is gone. */
  readonly readable: 'yes' | 'not-yet' | 'no';
  readonly proposal: Proposal | undefined;
  readonly progress: Progress;
  /** Opens body and progress; undefined of what is not on disk. */
  readonly key: CryptoKey | undefined;
  readonly kept: boolean;
}

/** What an act may become: of the header what is said, of the progress likewise. */
export interface Change {
  readonly header?: Partial<
    Pick<Row, 'state' | 'attempts' | 'unsure' | 'acked' | 'tried' | 'waitMs' | 'told' | 'waiting'>
  >;
  readonly progress?: Partial<Progress>;
}

/** What the key and the body are bound to: they open in this row only, for this person and patient (SAFETY 5.3). */
const lasting = ({ v, id, plan, seq, since }: Row, { iss, sub, patient }: Whose) =>
  [v, id, iss, sub, patient, plan ?? null, seq, since] as const;

/** And the progress to this moment: a header altered by hand no longer fits it. */
const momentary = (row: Row, whose: Whose) => [
  ...lasting(row, whose),
  row.state,
  row.attempts,
  row.unsure,
  row.revision,
  row.acked ?? null,
];

const planDigest = ({ iss, sub, patient }: Whose, plan: string) =>
  digest([iss, sub, patient, plan]);

/** The header of an act that was just pressed. */
export async function newRow(
  proposal: Proposal,
  whose: Whose,
  seq: number,
  kid: string,
): Promise<Row> {
  const { plan } = proposal.bound;
  return {
    v: 1,
    id: proposal.id,
    owner: whose.owner,
    about: whose.about,
    plan: plan === undefined ? undefined : await planDigest(whose, plan),
    seq,
    revision: 1,
    state: 'queued',
    attempts: 0,
    unsure: false,
    since: new Date(proposal.pressed).toISOString(),
    acked: undefined,
    tried: undefined,
    waitMs: 0,
    told: false,
    waiting: undefined,
    kid,
  };
}

/** Sealed and ready to be put on disk. */
export async function sealedAct(
  header: Row,
  proposal: Proposal,
  progress: Progress,
  whose: Whose,
  to: RecoveryKey,
): Promise<Act> {
  const [key, sealedKey] = await freshKey(to, lasting(header, whose));
  const [body, ahead] = await Promise.all([
    seal(key, proposal, lasting(header, whose)),
    seal(key, progress, momentary(header, whose)),
  ]);
  const row = { ...header, key: sealedKey, body, progress: ahead };
  return { row, readable: 'yes', proposal, progress, key, kept: true };
}

/** The act with a change made, sealed anew where it is on disk. */
export async function changedAct(act: Act, change: Change, whose: Whose): Promise<Act> {
  const header = { ...act.row, ...change.header, revision: act.row.revision + 1 };
  const progress = { ...act.progress, ...change.progress };
  if (!act.key) return { ...act, row: header, progress };
  const ahead = await seal(act.key, progress, momentary(header, whose));
  return { ...act, row: { ...header, progress: ahead }, progress };
}

/**
 * Acknowledged: body and key are gone from the row, which is what deletion means on a disk that keeps old bytes
 * (SAFETY D10). What it changed stays, under a new key, so that this author's next act is not taken for a conflict.
 */
export async function ackedAct(
  act: Act,
  acked: string,
  versions: readonly string[],
  whose: Whose,
  to: RecoveryKey | undefined,
): Promise<Act> {
  const header: Row = {
    ...act.row,
    state: 'acked',
    acked,
    waiting: undefined,
    revision: act.row.revision + 1,
    key: undefined,
    body: undefined,
    progress: undefined,
  };
  const progress = { ...NOTHING_YET, versions };
  if (!to) return { ...act, row: header, progress };
  const row = { ...header, kid: to.kid };
  const [key, sealedKey] = await freshKey(to, lasting(row, whose));
  const ahead = await seal(key, progress, momentary(row, whose));
  return { ...act, row: { ...row, key: sealedKey, progress: ahead }, progress, key: undefined };
}

/** Opens a row. Never rejects: what cannot be opened says so. */
export async function openedAct(
  row: Row,
  whose: Whose,
  recovery: RecoveryKey | 'not-yet' | undefined,
): Promise<Act> {
  const shut = { row, proposal: undefined, progress: NOTHING_YET, key: undefined, kept: true };
  // It arrived. That its key is gone since then is nobody's worry.
  if (row.state === 'acked' && !recovery) return { ...shut, readable: 'yes' };
  if (recovery === 'not-yet') return { ...shut, readable: 'not-yet' };
  if (!recovery || !row.key || !row.progress) return { ...shut, readable: 'no' };
  try {
    const key = await openKey(row.key, row.kid, recovery.privateKey, lasting(row, whose));
    const progress = progressIn(await unseal(key, row.progress, momentary(row, whose)));
    if (row.state === 'acked') return { ...shut, readable: 'yes', progress };
    if (!row.body) return { ...shut, readable: 'no' };
    const proposal = proposalIn(await unseal(key, row.body, lasting(row, whose)));
    const { iss, sub, patient } = proposal.bound;
    const isOurs = iss === whose.iss && sub === whose.sub && patient === whose.patient;
    if (!isOurs || proposal.id !== row.id) return { ...shut, readable: 'no' };
    return { row, readable: 'yes', proposal, progress, key, kept: true };
  } catch {
    return { ...shut, readable: 'no' };
  }
}
