import type { Plan } from '../model.ts';

/** What people call the version is written as an identifier too, and «7» is the seventh of every plan there is. */
const NOT_IDENTITY = 'https://example.org/fhir/NamingSystem/no-plan-version|';

/**
 * The same plan from two sources as one, where an identifier says that it is the same and both tell it alike. Two
 * editions of it stand side by side, each marked: which one holds is not for a machine to say.
 */
export function mergeCopies(plans: readonly Plan[]): readonly Plan[] {
  const kept: Plan[] = [];
  for (const plan of plans) {
    const index = kept.findIndex(other => isCopy(other, plan));
    const other = kept[index];
    if (other) kept[index] = { ...other, also: [...(other.also ?? []), plan] };
    else kept.push(plan);
  }
  return kept.map(plan => {
    const edition = kept.find(other => other !== plan && isSamePlan(other, plan));
    if (!edition) return plan;
    const why = [...plan.why, `differs from ${edition.source.from}`];
    return { ...plan, why, flags: [...plan.flags, 'contradiction' as const] };
  });
}

const isSamePlan = (a: Plan, b: Plan) =>
  a.source.from !== b.source.from &&
  a.identifiers.some(each => !each.startsWith(NOT_IDENTITY) && b.identifiers.includes(each));

const isCopy = (a: Plan, b: Plan) =>
  isSamePlan(a, b) &&
  a.standing === b.standing &&
  a.kind === b.kind &&
  a.version === b.version &&
  a.title === b.title &&
  a.summary === b.summary &&
  JSON.stringify(a.document) === JSON.stringify(b.document) &&
  zoneTexts(a) === zoneTexts(b);

const zoneTexts = ({ zones }: Plan) =>
  JSON.stringify(
    zones
      .map(({ level, condition, lines }) => [level, condition, lines.map(({ text }) => text)])
      .toSorted(([a], [b]) => Number(String(a) > String(b)) - Number(String(a) < String(b))),
  );
