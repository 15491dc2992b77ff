import { z } from 'zod/mini';
import { either, HumanName, Identifier, list } from '../fhir/shapes.ts';
import { nameOf, patientId } from '../record/patient.ts';
import type { Somebody } from './somebody.ts';

const Event = z.looseObject({
  timestamp: z.string(),
  id: z.string(),
  event: z.looseObject({
    'hub.topic': z.string(),
    'hub.event': z.string(),
    context: z.optional(z.array(z.unknown())),
  }),
});
const Confirmation = z.looseObject({
  'hub.mode': z.literal('subscribe'),
  'hub.topic': z.string(),
  'hub.lease_seconds': z.optional(either(z.number(), z.string())),
});
const Denial = z.looseObject({ 'hub.mode': z.literal('denied') });

/** What comes through the hub's socket (FHIRcast STU3 2.4 and 2.5). */
export type HubMessage =
  | { readonly kind: 'confirmed'; readonly leaseSeconds: number }
  | { readonly kind: 'denied' }
  | {
      readonly kind: 'event';
      readonly id: string;
      readonly topic: string;
      /** In small letters; names are compared without regard to case (STU3 2.3). */
      readonly name: string;
      readonly context: readonly unknown[];
      /** When it happened, in ms; undefined where the hub's time cannot be read. */
      readonly at: number | undefined;
    }
  /** Something we cannot read may have been a change of patient. */
  | { readonly kind: 'unreadable' };

export function readMessage(text: unknown): HubMessage {
  let json: unknown;
  try {
    json = JSON.parse(String(text));
  } catch {
    return { kind: 'unreadable' };
  }
  const event = Event.safeParse(json);
  if (event.success) {
    const { id, timestamp, event: what } = event.data;
    const at = Date.parse(timestamp);
    return {
      kind: 'event',
      id,
      topic: what['hub.topic'],
      name: what['hub.event'].toLowerCase(),
      context: what.context ?? [],
      at: Number.isNaN(at) ? undefined : at,
    };
  }
  if (Denial.safeParse(json).success) return { kind: 'denied' };
  const confirmation = Confirmation.safeParse(json);
  return confirmation.success
    ? { kind: 'confirmed', leaseSeconds: Number(confirmation.data['hub.lease_seconds']) }
    : { kind: 'unreadable' };
}

const Entry = z.looseObject({
  key: z.string(),
  resource: z.optional(
    z.looseObject({
      resourceType: z.optional(z.string()),
      id: z.optional(z.string()),
      identifier: list(Identifier),
      name: list(HumanName),
    }),
  ),
  decimal: z.optional(either(z.number(), z.string())),
});

/** The patient a context tells of. Somebody we cannot read is still somebody, and nobody we know. */
export function patientIn(context: readonly unknown[]): Somebody {
  for (const entry of context) {
    const parsed = Entry.safeParse(entry);
    const resource = parsed.success ? parsed.data.resource : undefined;
    if (resource && (parsed.data?.key === 'patient' || resource.resourceType === 'Patient'))
      return {
        id: resource.id,
        ids: resource.identifier.flatMap(patientId),
        name: nameOf(resource.name),
      };
  }
  return { id: undefined, ids: [], name: undefined };
}

/** Seconds between two heartbeats; undefined when the hub does not say. */
export function periodIn(context: readonly unknown[]): number | undefined {
  for (const entry of context) {
    const parsed = Entry.safeParse(entry);
    const seconds = parsed.success ? Number(parsed.data.decimal) : Number.NaN;
    if (parsed.data?.key === 'period' && seconds > 0) return seconds;
  }
  return undefined;
}
