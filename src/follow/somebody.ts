import type { PatientId } from '../record/model.ts';

/** A patient as the EHR's event names them. */
export interface Somebody {
  readonly id: string | undefined;
  readonly ids: readonly PatientId[];
  readonly name: string | undefined;
}

/**
 * Whether the EHR's patient is ours. National numbers decide where both have one of the same kind, because a hub may
 * give resources ids of its own (FHIRcast STU3 2.5, «Hub generated FHIR ids»); else the FHIR id, which is our issuer's.
 * Whoever cannot be recognised is another.
 */
export function isSame(
  them: Somebody,
  ours: { readonly id: string; readonly ids: readonly PatientId[] },
): boolean {
  const national = (['fnr', 'dnr'] as const).flatMap(kind => {
    const valuesIn = (ids: readonly PatientId[]) =>
      ids.filter(each => each.kind === kind).map(({ value }) => value);
    const mine = valuesIn(ours.ids);
    const theirs = valuesIn(them.ids);
    return mine.length > 0 && theirs.length > 0 ? [theirs.some(value => mine.includes(value))] : [];
  });
  return national.length > 0 ? national.every(Boolean) : them.id === ours.id;
}
