import { signal } from '@preact/signals';
import type { Proposal, Setting } from '../src/fhir/proposal.ts';
import type { Conflict } from '../src/outbox/delivered.ts';
import type { Outbox, OutboxItem } from '../src/outbox/kept.ts';
import { D1 } from './hand-made.tsx';

/** Items on their way made by hand: for what the screen says of an item, however it came to be so. */
const later = (seconds: number) => new Date(D1.getTime() + seconds * 1000).toISOString();

let made = 0;

export function proposal(more: Partial<Proposal> = {}): Proposal {
  made += 1;
  return {
    id: `proposal-${made}`,
    what: 'evaluation',
    bound: {
      iss: 'https://journal.example/fhir',
      sub: 'u-psy',
      patient: 'Patient/p6',
      plan: 'CarePlan/1',
      planVersion: '7',
    },
    pressed: '2026-11-21T20:15:00+01:00',
    writes: [],
    words: 'Evaluering 21.11.2026\nAmina deltok.',
    ...more,
  };
}

export function item(more: Partial<OutboxItem> = {}): OutboxItem {
  const act = proposal();
  return {
    id: act.id,
    proposal: act,
    state: 'queued',
    kept: true,
    attempts: 0,
    since: later(-1),
    acked: undefined,
    nextAt: undefined,
    waiting: undefined,
    reason: undefined,
    conflicts: [],
    overdue: false,
    ...more,
  };
}

export const setting = (more: Partial<Setting> = {}): Setting => ({
  at: 'achievementStatus',
  value: { text: 'Nådd' },
  label: 'Måloppnåelse',
  words: 'Nådd',
  ...more,
});

const goal = {
  resourceType: 'Goal',
  id: 'g1',
  meta: { versionId: '1', lastUpdated: '2026-11-20T10:00:00+01:00' },
  lifecycleStatus: 'active',
  description: { text: 'Klare kvelden' },
  subject: { reference: 'Patient/p6' },
};

export const conflict = (more: Partial<Conflict> = {}): Conflict => ({
  ref: 'Goal/g1',
  read: goal,
  theirs: {
    ...goal,
    meta: { versionId: '2', lastUpdated: '2026-11-21T20:11:00+01:00' },
    achievementStatus: { text: 'Delvis nådd' },
  },
  mine: [setting()],
  ...more,
});

interface Lying {
  readonly items?: readonly OutboxItem[];
  readonly myOtherPatients?: number;
  readonly others?: number;
  readonly lost?: boolean;
  readonly tooLate?: boolean;
  /** The disk takes no notes. */
  readonly full?: boolean;
}

/** What lies there does not move by itself; what is asked of it is written down. */
export function outboxWith({
  items = [],
  myOtherPatients = 0,
  others = 0,
  lost = false,
  tooLate = false,
  full = false,
}: Lying = {}) {
  const asked: string[] = [];
  const lying = signal(items);
  const outbox: Outbox = {
    storage: signal({ state: 'open', key: 'device' }),
    items: lying,
    elsewhere: signal({ myOtherPatients, others }),
    lost: signal(lost),
    put: () => Promise.resolve({ ok: true }),
    sendUnkept: act => void asked.push(`unkept ${act.id}`),
    withdraw(id) {
      asked.push(`withdraw ${id}`);
      return Promise.resolve(tooLate ? 'too-late' : 'withdrawn');
    },
    again(id) {
      asked.push(`again ${id}`);
      return full
        ? Promise.reject(new DOMException('full', 'QuotaExceededError'))
        : Promise.resolve();
    },
    decide(id, choice) {
      asked.push(`${choice} ${id}`);
      return Promise.resolve();
    },
    settle(id) {
      asked.push(`settle ${id}`);
      return Promise.resolve();
    },
    drafts: {
      find: () => Promise.resolve(undefined),
      save: () => Promise.resolve({ ok: true }),
      drop: () => Promise.resolve(),
    },
    pause: paused => void asked.push(paused ? 'pause' : 'go on'),
  };
  return { outbox, asked, lying };
}
