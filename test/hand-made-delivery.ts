import type { Raw } from '../src/fhir/ask.ts';
import { type ServerOffer, unknownOffer } from '../src/fhir/capability.ts';
import type { ChangedResource, NewResource, Write } from '../src/fhir/proposal.ts';
import type { Session } from '../src/fhir/session.ts';
import type { Attempt } from '../src/outbox/attempt.ts';
import { begin, type Delivery } from '../src/outbox/delivery.ts';
import { recordOf } from './hand-made.tsx';

/** What is on the server, by address: a resource, or a status. What is not named is not there, and not found. */
type There = Readonly<Record<string, Raw | number>>;

export interface Made {
  readonly delivery: Delivery;
  /** Every address that was asked, in order. */
  readonly asked: readonly string[];
}

export interface Wanted extends Partial<Attempt> {
  readonly writes?: readonly Write[];
  readonly offer?: Partial<ServerOffer>;
  readonly scopes?: readonly string[];
  readonly there?: There;
}

/** One attempt as it begins, against a server made by hand. */
export function attempting(wanted: Wanted = {}): Made {
  const { writes = [], offer, scopes = ['patient/*.cruds'], there = {}, ...attempt } = wanted;
  const asked: string[] = [];
  const described = { ...unknownOffer, ...offer };
  const session: Session = {
    ...recordOf().session,
    scopes,
    offer: Promise.resolve(described),
    fetch({ url }) {
      const address = decodeURIComponent(url.slice('https://journal.example/fhir/'.length));
      asked.push(address);
      const found = there[address] ?? (address.includes('?') ? page() : 404);
      return Promise.resolve(
        typeof found === 'number' ? new Response('{}', { status: found }) : Response.json(found),
      );
    },
  };
  const delivery = begin(
    session,
    described,
    {
      before: 1,
      unsure: true,
      steps: {},
      keep: () => Promise.resolve(),
      ours: () => false,
      decided: new Map(),
      ...attempt,
    },
    writes,
  );
  return { delivery, asked };
}

/** One page of a search: all there is. */
export const page = (...matches: readonly Raw[]): Raw => ({
  resourceType: 'Bundle',
  type: 'searchset',
  entry: matches.map(resource => ({ resource })),
});

export const subject = { reference: 'Patient/p6' };

export const fresh = (uuid: string, resourceType: string, more: Raw = {}): NewResource => ({
  kind: 'new',
  uuid,
  resource: { resourceType, ...more },
});

export const goal: Raw = {
  resourceType: 'Goal',
  id: 'g1',
  meta: { versionId: '1' },
  lifecycleStatus: 'active',
  subject,
};

/** The goal is set to «reached». */
export const reached: ChangedResource = {
  kind: 'changed',
  ref: 'Goal/g1',
  version: '1',
  read: goal,
  sets: [{ at: 'achievementStatus', value: { text: 'Nådd' }, label: 'Status', words: 'Nådd' }],
};
