import { z } from 'zod/mini';
import { isRaw, type Raw } from '../fhir/ask.ts';
import type { Write } from '../fhir/proposal.ts';
import { write } from '../fhir/write.ts';
import {
  asksToLook,
  asSteps,
  forgetStarted,
  keepStarted,
  MOST_ROUNDS,
  noteDone,
  refIn,
  stoppedBefore,
  unexplained,
} from './as-steps.ts';
import type { Delivered } from './delivered.ts';
import { baseOf, type Delivery, keepSteps, outstanding } from './delivery.ts';
import { endingOf, later, mayBeDone } from './endings.ts';
import { requestOf } from './outgoing.ts';
import { look } from './there-already.ts';

const Response = z.looseObject({
  resourceType: z.literal('Bundle'),
  entry: z.array(
    z.looseObject({
      resource: z.optional(z.unknown()),
      response: z.optional(
        z.looseObject({
          status: z.optional(z.string()),
          location: z.optional(z.string()),
        }),
      ),
    }),
  ),
});

/**
 * All in one Bundle, all or nothing (R4, RESTful API 3.1.0.11). Every entry's own status is read all the same: there are
 * servers that run a transaction as a batch and answer 200 with refusals inside (SAFETY TM43, CATALOGUE W19).
 */
export async function asTransaction(delivery: Delivery): Promise<Delivered | undefined> {
  for (let round = 1; round <= MOST_ROUNDS; round += 1) {
    const writes = outstanding(delivery);
    if (writes.length === 0) return undefined;
    if (delivery.session.signal.aborted) return stoppedBefore(delivery);
    await keepStarted(delivery, writes);
    const written = await write(delivery.session, {
      method: 'POST',
      address: delivery.session.iss,
      body: bundleOf(delivery, writes),
    });
    if (written.kind === 'done') return await opened(delivery, writes, written.resource);
    if (written.kind === 'refused' && !mayBeDone(written.status))
      await forgetStarted(delivery, writes);
    if (written.kind !== 'refused') return endingOf(delivery, written);
    // It said that it has transactions, and has not.
    if (written.status === 405 || written.status === 501) return await asSteps(delivery);
    if (!asksToLook(written.status)) return endingOf(delivery, written);
    const before = aim(delivery, writes);
    const ended = await look(delivery, writes);
    if (ended) return ended;
    await keepSteps(delivery);
    if (aim(delivery, outstanding(delivery)) === before) return unexplained(delivery, written);
  }
  return outstanding(delivery).length === 0 ? undefined : later(delivery, 'busy');
}

/** What is sent, and on which versions: where it is the same again, looking has explained nothing. */
const aim = (delivery: Delivery, writes: readonly Write[]) =>
  writes
    .map(one => (one.kind === 'new' ? one.uuid : `${one.ref}|${baseOf(delivery, one).version}`))
    .join();

function bundleOf(delivery: Delivery, writes: readonly Write[]): Raw {
  const entry = writes.map(one => {
    const { method, address, body, ...conditions } = requestOf(delivery, one);
    const fullUrl =
      method === 'PUT'
        ? `${delivery.session.iss}/${address}`
        : `urn:uuid:${one.kind === 'new' ? one.uuid : ''}`;
    return { fullUrl, resource: body, request: { method, url: address, ...conditions } };
  });
  return { resourceType: 'Bundle', type: 'transaction', entry };
}

async function opened(
  delivery: Delivery,
  writes: readonly Write[],
  resource: Raw | undefined,
): Promise<Delivered | undefined> {
  const response = Response.safeParse(resource);
  if (!response.success || response.data.entry.length !== writes.length) {
    delivery.unsure = true;
    return later(delivery, 'not-understood');
  }
  const refused: Write[] = [];
  for (const [index, one] of writes.entries()) {
    const entry = response.data.entry[index];
    const status = Number.parseInt(entry?.response?.status ?? '', 10);
    const body = isRaw(entry?.resource) ? entry.resource : undefined;
    const ref = refIn(delivery, one, body, entry?.response?.location);
    if (status >= 200 && status < 300 && ref !== undefined) noteDone(delivery, one, ref, body);
    else if (status >= 400 && !mayBeDone(status)) refused.push(one);
  }
  await forgetStarted(delivery, refused);
  await keepSteps(delivery);
  if (outstanding(delivery).length === 0) return undefined;
  // Some are there and some are not: those that are missing are sent one by one, each with its own answer.
  delivery.unsure = true;
  return (await look(delivery)) ?? (await asSteps(delivery));
}
