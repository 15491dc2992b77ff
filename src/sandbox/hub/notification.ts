import { randomUUID } from 'node:crypto';
import type { Resource, SandboxPatient } from '../types.ts';

/** FHIRcast STU3, 2.5 «Event Notification». */
export interface Notification {
  readonly timestamp: string;
  readonly id: string;
  readonly event: {
    readonly 'hub.topic': string;
    readonly 'hub.event': EventName;
    readonly context: readonly ContextEntry[];
  };
}

export interface ContextEntry {
  readonly key: string;
  readonly resource?: Resource;
  readonly decimal?: string;
}

/** What this hub offers. Names are compared without regard to case, as STU3 2.3 asks. */
export const EVENTS = ['Patient-open', 'Patient-close', 'UserLogout', 'Heartbeat'] as const;
export type EventName = (typeof EVENTS)[number];

export const eventNamed = (name: string): EventName | undefined =>
  EVENTS.find(known => known.toLowerCase() === name.trim().toLowerCase());

export const notification = (
  topic: string,
  name: EventName,
  context: readonly ContextEntry[],
  at: Date,
): Notification => ({
  timestamp: at.toISOString(),
  id: randomUUID(),
  event: { 'hub.topic': topic, 'hub.event': name, context },
});

/** STU3 3.3.1: enough of Patient to recognise somebody by, and no more. */
export function patientContext(
  patient: SandboxPatient,
  found: Resource | undefined,
): readonly ContextEntry[] {
  const known: Resource = found ?? {
    resourceType: 'Patient',
    name: [{ text: patient.name }],
    birthDate: patient.born,
  };
  const resource = {
    resourceType: 'Patient',
    id: patient.patientId,
    identifier: known['identifier'],
    name: known['name'],
    gender: known['gender'],
    birthDate: known['birthDate'],
  };
  return [{ key: 'patient', resource }];
}
