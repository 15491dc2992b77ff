import type { Resource } from '../types.ts';
import { actor, coding, hl7, infoClass, oslo, ours, to } from './fhir.ts';
import { type Filed, filed } from './parts.ts';
import { type DemoPatient, type DemoPlan, type DemoZone, shortId } from './source.ts';

const zoneSystem =
  'http://hl7.no/fhir/ig/planer-hacking/CodeSystem/planer-hacking-observation-severity-zone-cs';

interface Level {
  readonly idEnd: string;
  readonly code: string;
  readonly display: string;
}

const levels: Readonly<Record<string, Level>> = {
  grønn: { idEnd: 'gronn', code: 'green', display: 'Grønn sone' },
  gul: { idEnd: 'gul', code: 'yellow', display: 'Gul sone' },
  rød: { idEnd: 'rod', code: 'red', display: 'Rød sone' },
};

/** HL7 Norway Planer-CarePlan-hacking v2: a child plan per zone, whose Condition carries the colour. */
export function zones(patient: DemoPatient, plan: DemoPlan, parent: string): readonly Filed[] {
  const resources = (plan.zones ?? []).flatMap(zone => zoneResources(patient, plan, parent, zone));
  return filed('acute plan', ...resources);
}

function zoneResources(
  patient: DemoPatient,
  plan: DemoPlan,
  parent: string,
  { level, condition, action }: DemoZone,
): readonly Resource[] {
  const zone = levels[level];
  if (!zone) throw new Error(`No zone is called «${level}»`);
  const id = shortId(patient);
  const [start = '', end] = plan.valid.split('/');
  const meta = { lastUpdated: oslo(start, '14:20'), tag: [infoClass('helse')] };
  return [
    {
      resourceType: 'CarePlan',
      id: `${parent}-${zone.idEnd}`,
      meta,
      partOf: [to(`CarePlan/${parent}`)],
      status: 'active',
      intent: 'plan',
      category: [{ coding: [ours('sone', 'Sone')], text: 'Sone' }],
      title: `Tiltak – ${level} sone`,
      subject: to(`Patient/${id}`),
      period: { start, end },
      created: start,
      author: actor(plan.author, id),
      addresses: [to(`Condition/${id}-sone-${zone.idEnd}`)],
      activity: [{ detail: { status: 'scheduled', description: action } }],
    },
    {
      resourceType: 'Condition',
      id: `${id}-sone-${zone.idEnd}`,
      meta,
      clinicalStatus: { coding: [hl7('condition-clinical', 'active')] },
      category: [{ coding: [ours('sone', 'Sone')], text: 'Sone' }],
      severity: { coding: [coding(zoneSystem, zone.code, zone.display)] },
      code: { text: condition },
      subject: to(`Patient/${id}`),
    },
  ];
}
