// Deliberately wrong, and never part of the product: the kill trials must be able to tell it from the real one.
import { withSettings } from '../../src/fhir/proposal.ts';
import { write } from '../../src/fhir/write.ts';
import type { Deliver } from '../../src/outbox/attempt.ts';

/** Posts everything, whether or not it was posted before, and believes the first answer it gets. */
export const deliver: Deliver = async (session, { writes }) => {
  const entry = writes.map(one =>
    one.kind === 'new'
      ? {
          fullUrl: `urn:uuid:${one.uuid}`,
          resource: one.resource,
          request: { method: 'POST', url: one.resource['resourceType'] },
        }
      : {
          fullUrl: `${session.iss}/${one.ref}`,
          resource: withSettings(one.read, one.sets),
          request: { method: 'PUT', url: one.ref },
        },
  );
  const body = { resourceType: 'Bundle', type: 'transaction', entry };
  const { kind } = await write(session, { method: 'POST', address: session.iss, body });
  if (kind === 'cancelled') return { kind, unsure: false };
  if (kind === 'done') return { kind: 'acked', refs: [], versions: [] };
  return { kind: 'later', unsure: false, why: 'unreachable', afterSeconds: undefined };
};
