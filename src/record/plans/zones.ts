import { z } from 'zod/mini';
import type { Raw } from '../../fhir/ask.ts';
import { localRef, refOf, type Shelf, shelf } from '../../fhir/references.ts';
import type { Reference } from '../../fhir/shapes.ts';
import {
  Codeable,
  Codeables,
  hasCode,
  list,
  References,
  text,
  volven,
  wording,
} from '../../fhir/shapes.ts';
import type { Plan, PlanLine, PlanStanding, Zone } from '../model.ts';
import type { Item } from '../reading.ts';

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
  note: list(z.looseObject({ text })),
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
  standing: PlanStanding,
  about: Item,
  around: Shelf,
): Zone {
  const condition = plan.addresses.map(reference => zoneCondition(reference, around)).find(Boolean);
  return {
    ...about,
    level: condition?.level,
    condition: condition?.condition ?? plan.description ?? plan.title,
    lines,
    standing,
  };
}

/** Zones written straight on the plan as `addresses`, without child plans: no action of their own. */
export function zonesIn(plan: Addressing, about: Item, around: Shelf): readonly Zone[] {
  return plan.addresses.flatMap(reference => {
    const condition = zoneCondition(reference, around);
    if (!condition) return [];
    const source = { ...about.source, ref: reference.reference ?? about.source.ref };
    return [{ ...about, source, ...condition, lines: [], standing: 'in-force' }];
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
    const parents = References.safeParse(raw['partOf']);
    const parent = parents.success ? localRef(base, parents.data[0]?.reference) : undefined;
    if (parent) parentOf.set(refOf(raw), parent);
  }
  // Never under another zone: zones that name each other would take one another off the screen.
  const refs = new Set(plans.flatMap(({ kind, source }) => (kind === 'zone' ? [] : [source.ref])));
  // A zone that could not be read has nothing to lend its plan: it keeps a row of its own.
  const isNested = ({ kind, source, zones }: Plan) =>
    kind === 'zone' && zones.length > 0 && refs.has(parentOf.get(source.ref) ?? '');
  return plans
    .filter(item => !isNested(item))
    .map(item => {
      const children = plans.filter(
        child => isNested(child) && parentOf.get(child.source.ref) === item.source.ref,
      );
      return { ...item, zones: [...item.zones, ...children.flatMap(({ zones }) => zones)] };
    });
}

/**
 * Zone conditions that a plan on screen shows: they are the plan's to count. One that is critical information of its
 * own (Volven 7651) stays there as well.
 */
export function zonesAddressed(
  plans: readonly Raw[],
  included: readonly Raw[],
  base: string,
): ReadonlySet<string> {
  const around = shelf(base, included);
  return new Set(
    plans.flatMap(raw => {
      const addresses = References.safeParse(raw['addresses']);
      return (addresses.success ? addresses.data : [])
        .filter(reference => zoneCondition(reference, around))
        .filter(reference => !isCritical(around.find(reference)))
        .flatMap(({ reference }) => localRef(base, reference) ?? []);
    }),
  );
}

function isCritical(condition: Raw | undefined): boolean {
  const categories = Codeables.safeParse(condition?.['category']);
  const codings = categories.success ? categories.data.flatMap(({ coding }) => coding) : [];
  return codings.some(({ system }) => volven(system) === '7651');
}
