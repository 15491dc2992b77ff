import type { Resource, SandboxPatient } from '../types.ts';
import {
  type ContextEntry,
  type EventName,
  type Notification,
  notification,
  patientContext,
} from './notification.ts';

/** One open chart: what the EHR shows there, and who listens. A launch opens one; its tokens belong to it. */
interface Topic {
  readonly user: string;
  /** The last «open» no «close» has followed. */
  current: Notification | undefined;
  patient: SandboxPatient | undefined;
  readonly listeners: Set<Listener>;
}

interface Listener {
  readonly hears: (name: EventName) => boolean;
  readonly send: (notification: Notification) => void;
}

export interface Topics {
  readonly open: (topic: string, user: string, patient: SandboxPatient | undefined) => void;
  /** The EHR's user now looks at this patient; undefined = at nobody. */
  readonly show: (user: string, patient: SandboxPatient | undefined) => void;
  readonly logOut: (user: string) => void;
  readonly current: (topic: string) => Notification | undefined;
  readonly listen: (topic: string, listener: Listener) => () => void;
}

/** Sessions of the hub, in memory (FHIRcast STU3, 2.1 «session»). */
export function createTopics(
  resourceAt: (ref: string) => Resource | undefined,
  now: () => Date,
): Topics {
  const topics = new Map<string, Topic>();
  const contextOf = (patient: SandboxPatient) =>
    patientContext(patient, resourceAt(`Patient/${patient.patientId}`));

  function publish(id: string, topic: Topic, name: EventName, context: readonly ContextEntry[]) {
    const told = notification(id, name, context, now());
    for (const { hears, send } of topic.listeners) if (hears(name)) send(told);
    return told;
  }

  function showIn(id: string, topic: Topic, patient: SandboxPatient | undefined) {
    if (topic.patient?.patientId === patient?.patientId) return;
    if (topic.patient) publish(id, topic, 'Patient-close', contextOf(topic.patient));
    topic.patient = patient;
    topic.current = patient && publish(id, topic, 'Patient-open', contextOf(patient));
  }

  const ofUser = (user: string) => [...topics].filter(([, topic]) => topic.user === user);

  return {
    open(id, user, patient) {
      const topic: Topic = { user, current: undefined, patient: undefined, listeners: new Set() };
      topics.set(id, topic);
      showIn(id, topic, patient);
    },
    show(user, patient) {
      for (const [id, topic] of ofUser(user)) showIn(id, topic, patient);
    },
    logOut(user) {
      for (const [id, topic] of ofUser(user)) publish(id, topic, 'UserLogout', []);
    },
    current: id => topics.get(id)?.current,
    listen(id, listener) {
      const listeners = topics.get(id)?.listeners;
      listeners?.add(listener);
      return () => void listeners?.delete(listener);
    },
  };
}
