import { z } from 'zod/mini';
import type { Raw } from '../fhir/ask.ts';
import type { Answer } from '../fhir/failure.ts';
import { localRef, refOf, type Shelf, shelf } from '../fhir/references.ts';
import type { Found } from '../fhir/searchset.ts';
import { Codeable, hasCode, list, Reference, wording } from '../fhir/shapes.ts';
import type { Plan, PlanLine, Zone } from './model.ts';
import type { Item } from './reading.ts';

/**
 * Green, yellow and red, in the two ways R4 plans carry them (Planer-CarePlan-hacking; docs/fhir.md, CarePlan):
 * child plans that address a zone condition, or zone conditions on the plan itself. A zone is never computed.
 */
interface Addressing {
  readonly addresses: readonly Reference[];
}

const ZONE_SYSTEM =
  'http://hl7.no/fhir/ig/planer-hacking/CodeSystem/planer-hacking-observation-severity-zone-cs';

const ZoneCondition = z.looseObject({
  code: z.optional(Codeable),
  severity: z.optional(Codeable),
  note: list(z.looseObject({ text: z.optional(z.string()) })),
});

function zoneCondition(reference: Reference, around: Shelf) {
  const raw = around.find(reference);
  const parsed = raw ? ZoneCondition.safeParse(raw) : undefined;
  if (!parsed?.success) return undefined;
  const level = levelIn(parsed.data.severity);
  const condition = wording(parsed.data.code) ?? parsed.data.note[0]?.text ?? reference.display;
  return level && { level, condition };
}

function levelIn(severity: Codeable | undefined): Zone['level'] {
  if (hasCode(severity, ZONE_SYSTEM, 'green')) return 'green';
  if (hasCode(severity, ZONE_SYSTEM, 'yellow')) return 'yellow';
  return hasCode(severity, ZONE_SYSTEM, 'red') ? 'red' : undefined;
}

/** The zone a plan addresses, if it addresses one. */
export const levelOf = (addresses: readonly Reference[], around: Shelf) =>
  addresses.map(reference => zoneCondition(reference, around)).find(Boolean)?.level;

/** A child plan that is one zone: its condition, and what to do in it. */
export function zoneOf(
  plan: Addressing & {
    readonly description?: string | undefined;
    readonly title?: string | undefined;
  },
  lines: readonly PlanLine[],
  about: Item,
  around: Shelf,
): Zone {
  const condition = plan.addresses.map(reference => zoneCondition(reference, around)).find(Boolean);
  return {
    ...about,
    level: condition?.level,
    condition: condition?.condition ?? plan.description ?? plan.title,
    action: lines.flatMap(({ text }) => text ?? []),
  };
}

/** Zones written straight on the plan as `addresses`, without child plans: no action of their own. */
export function zonesIn(plan: Addressing, about: Item, around: Shelf): readonly Zone[] {
  return plan.addresses.flatMap(reference => {
    const condition = zoneCondition(reference, around);
    if (!condition) return [];
    const source = { ...about.source, ref: reference.reference ?? about.source.ref };
    return [{ ...about, source, ...condition, action: [] }];
  });
}

/** Puts zone plans under the plan they are part of. A zone whose plan did not come stands for itself. */
export function withZones(
  plans: readonly Plan[],
  wires: readonly Raw[],
  base: string,
): readonly Plan[] {
  const parentOf = new Map<string, string>();
  for (const raw of wires) {
    const parents = list(Reference).safeParse(raw['partOf']);
    const parent = parents.success ? localRef(base, parents.data[0]?.reference) : undefined;
    if (parent) parentOf.set(refOf(raw), parent);
  }
  const refs = new Set(plans.map(({ source }) => source.ref));
  const isNested = ({ kind, source }: Plan) =>
    kind === 'zone' && refs.has(parentOf.get(source.ref) ?? '');
  return plans
    .filter(item => !isNested(item))
    .map(item => {
      const children = plans.filter(
        child => isNested(child) && parentOf.get(child.source.ref) === item.source.ref,
      );
      return { ...item, zones: [...item.zones, ...children.flatMap(({ zones }) => zones)] };
    });
}

/** Zone conditions that a plan shows: they are the plan's to count, not critical information. */
export function zonesAddressed(
  plans: Answer<Found>,
  conditions: Answer<Found> | undefined,
  base: string,
): ReadonlySet<string> {
  if (!plans.ok) return new Set();
  const around = shelf(base, [
    ...plans.value.included,
    ...(conditions?.ok ? conditions.value.matches : []),
  ]);
  return new Set(
    plans.value.matches.flatMap(raw => {
      const addresses = list(Reference).safeParse(raw['addresses']);
      return (addresses.success ? addresses.data : [])
        .filter(reference => zoneCondition(reference, around))
        .flatMap(({ reference }) => localRef(base, reference) ?? []);
    }),
  );
}
