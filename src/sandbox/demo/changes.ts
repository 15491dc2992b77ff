import type { Resource } from '../types.ts';
import { actor, oslo, to } from './fhir.ts';
import { medicineLines } from './medications.ts';
import { type Filed, filed } from './parts.ts';
import { type DemoChange, type DemoCopy, type DemoPatient, shortId } from './source.ts';

interface Sending {
  readonly sent: string;
  /** The doctor's deadline, or the moment the doctor answered. */
  readonly due?: string;
  readonly accepted?: string;
  /** What set the deadline. */
  readonly because?: string;
}

/** When each set of changes went to the patient's own doctor, from the histories and worklists. */
const sendings: Readonly<Record<string, Sending>> = {
  p1: { sent: oslo('2026-11-12', '14:26'), due: oslo('2026-11-19', '15:00') },
  p2: {
    sent: oslo('2026-11-14', '11:05'),
    due: oslo('2026-11-24', '12:00'),
    because: 'multidose, pakkeperiode 01.–14.12.2026',
  },
  p4: { sent: oslo('2026-09-30', '12:15'), accepted: oslo('2026-10-02', '10:00') },
  p5: { sent: oslo('2026-10-05', '13:30'), accepted: oslo('2026-10-05', '13:30') },
};

/** Treatment changes the patient's own doctor confirms: one task for all, and one for each. */
export function changes(patient: DemoPatient): readonly Filed[] {
  const id = shortId(patient);
  const [first] = patient.changes;
  if (!first) return [];
  const sending = sendings[id];
  if (!sending) throw new Error(`No one knows when the changes of ${id} were sent`);
  return filed(
    'change',
    {
      ...task(patient, sending, first.by),
      id: `${id}-changes`,
      description: `${patient.changes.length} endringer til fastlegen`,
      input: sending.because
        ? [{ type: { text: 'Frist' }, valueString: sending.because }]
        : undefined,
    },
    ...patient.changes.map(change => ({
      ...task(patient, sending, change.by),
      id: `${id}-change-${change.id.slice(1)}`,
      partOf: [to(`Task/${id}-changes`)],
      description: described(change),
      reasonCode: { text: change.reason },
      input: [
        { type: { text: 'Fra' }, valueString: change.from },
        { type: { text: 'Til' }, valueString: change.to },
        { type: { text: 'Gjelder' }, valueString: change.kind },
        ...lineOf(patient, change),
      ],
    })),
  );
}

/** Paper and portal copies of a plan: an outdated one is work for the coordinator. */
export function copies(patient: DemoPatient): readonly Filed[] {
  return (patient.copies ?? []).flatMap((copy, index) =>
    filed('change', copyTask(patient, copy, `${shortId(patient)}-copy-${index + 1}`)),
  );
}

function task(patient: DemoPatient, { sent, due, accepted }: Sending, by: string): Resource {
  const id = shortId(patient);
  return {
    resourceType: 'Task',
    meta: { lastUpdated: accepted ?? sent },
    status: accepted ? 'completed' : 'requested',
    businessStatus: { text: accepted ? 'godtatt av fastlegen' : 'venter på fastlegen' },
    intent: 'proposal',
    priority: 'routine',
    code: {
      coding: [{ system: 'http://hl7.org/fhir/CodeSystem/task-code', code: 'approve' }],
      text: 'Bekreft endring i behandling',
    },
    for: to(`Patient/${id}`),
    authoredOn: sent,
    lastModified: accepted ?? sent,
    requester: actor(by, id),
    owner: patient.gp ? actor(patient.gp, id) : undefined,
    restriction: due ? { period: { end: due } } : undefined,
  };
}

/** The line of the medication list a change is about, where it begins with the name of one. */
function lineOf(patient: DemoPatient, { kind, from, to: after }: DemoChange) {
  const name = (from === '-' ? after : from).split(' ')[0];
  const found = medicineLines(patient).find(({ line }) => line.substance === name);
  return kind === 'legemiddel' && found
    ? [{ type: { text: 'Legemiddel' }, valueReference: to(`MedicationStatement/${found.id}`) }]
    : [];
}

function described({ from, to: after }: DemoChange): string {
  return from === '-' ? `Ny: ${after}` : `${from} → ${after}`;
}

function copyTask(
  patient: DemoPatient,
  { where, version, status }: DemoCopy,
  id: string,
): Resource {
  const patientId = shortId(patient);
  const outdated = status.startsWith('UTDATERT');
  const open = outdated && !status.includes('tatt ned');
  return {
    resourceType: 'Task',
    id,
    meta: { lastUpdated: oslo('2026-09-30', '12:20') },
    status: open ? 'requested' : 'completed',
    businessStatus: { text: status },
    intent: 'order',
    code: { text: outdated ? 'Utdatert kopi' : 'Kopi av planen' },
    description: `${where}: ${version}`,
    focus: to(`CarePlan/${patientId}-plan-akutt`),
    for: to(`Patient/${patientId}`),
    authoredOn: oslo('2026-09-21', '08:20'),
    lastModified: oslo('2026-09-30', '12:20'),
    owner: actor('u-bkoord', patientId),
    restriction: open ? { period: { end: oslo('2026-09-30', '16:00') } } : undefined,
  };
}
