import type { Proposal } from '../src/fhir/proposal.ts';
import type { Act } from '../src/outbox/act.ts';
import type { Row } from '../src/outbox/row.ts';
import { NOTHING_YET } from '../src/outbox/stored.ts';
import { proposal } from './hand-made-outbox.ts';

export const SINCE = '2026-11-21T19:15:00.000Z';

/** A row as it lies on disk, by hand: pressed, and not tried yet. */
export const row = (more: Partial<Row> = {}): Row => ({
  v: 1,
  id: 'a',
  owner: 'owner',
  about: 'about',
  plan: undefined,
  seq: 1,
  revision: 1,
  state: 'queued',
  attempts: 0,
  unsure: false,
  since: SINCE,
  acked: undefined,
  tried: undefined,
  waitMs: 0,
  told: false,
  waiting: undefined,
  kid: 'k',
  ...more,
});

/** An act as a page knows it. */
export function act(header: Partial<Row> = {}, more: Partial<Act> = {}): Act {
  const whole: Proposal = proposal();
  return {
    row: row({ id: whole.id, ...header }),
    readable: 'yes',
    proposal: whole,
    progress: NOTHING_YET,
    key: undefined,
    kept: true,
    ...more,
  };
}
