import { z } from 'zod/mini';
import { isRaw, type Raw } from '../../fhir/ask.ts';
import { refOf, type Shelf, shelf } from '../../fhir/references.ts';
import { Codeable, list, Reference, References } from '../../fhir/shapes.ts';

const SECTIONS = 'http://ehelse.no/fhir/CodeSystem/sfm-section-types';

const Parameters = z.looseObject({
  resourceType: z.literal('Parameters'),
  parameter: z.array(z.unknown()),
});
const Bundle = z.looseObject({
  resourceType: z.literal('Bundle'),
  entry: z.optional(z.array(z.unknown())),
});
const Section = z.looseObject({
  code: z.optional(Codeable),
  entry: References,
  emptyReason: z.optional(Codeable),
});
const Composition = z.looseObject({
  resourceType: z.literal('Composition'),
  subject: z.optional(Reference),
  section: list(Section),
});

/** The answer to `$getMedication`, opened: the document, and what SFM says about how it came to be. */
export interface MedicationDocument {
  readonly resources: readonly Raw[];
  /** Undefined: there is no table of contents that can be read, so nothing tells whether this is all. */
  readonly composition: z.output<typeof Composition> | undefined;
  /** Finds by `fullUrl` alone. SFM's `reference.type` is a profile, not a type, and decides nothing. */
  readonly around: Shelf;
  /** `KJHentetTidspunkt`, `RFFeilkode` …: the parameters beside the document, by name. */
  readonly parameters: ReadonlyMap<string, Raw>;
  /** Entries that are no resources. */
  readonly broken: number;
}

/** Undefined: this is not an answer to `$getMedication`. */
export function openMedication(value: Raw): MedicationDocument | undefined {
  const whole = Parameters.safeParse(value);
  if (!whole.success) return undefined;
  const parameters = new Map(
    whole.data.parameter
      .filter(isRaw)
      .flatMap((each): [string, Raw][] =>
        typeof each['name'] === 'string' ? [[each['name'], each]] : [],
      ),
  );
  const bundle = Bundle.safeParse(parameters.get('medication')?.['resource']);
  if (!bundle.success) return undefined;
  const byUrl = new Map<string, Raw>();
  const resources: Raw[] = [];
  const entries = bundle.data.entry ?? [];
  for (const entry of entries) {
    const resource = isRaw(entry) ? entry['resource'] : undefined;
    if (!isRaw(entry) || !isRaw(resource)) continue;
    resources.push(resource);
    if (typeof entry['fullUrl'] === 'string') byUrl.set(entry['fullUrl'], resource);
    // R4 «Resolving references in Bundles»: relative ones are allowed as well.
    byUrl.set(refOf(resource), resource);
  }
  const contents = resources.find(({ resourceType }) => resourceType === 'Composition');
  const composition = Composition.safeParse(contents);
  return {
    resources,
    composition: composition.success ? composition.data : undefined,
    around: documentShelf(byUrl),
    parameters,
    broken: entries.length - resources.length,
  };
}

function documentShelf(byUrl: ReadonlyMap<string, Raw>): Shelf {
  const contained = shelf('urn:document', []);
  return {
    find: (reference, within) =>
      reference?.reference?.startsWith('#')
        ? contained.find(reference, within)
        : byUrl.get(reference?.reference ?? ''),
    missing: () => [],
  };
}

/** One section of the document, by its code in `sfm-section-types`. */
export const sectionOf = ({ composition }: MedicationDocument, code: string) =>
  composition?.section.find(section =>
    section.code?.coding.some(coding => coding.system === SECTIONS && coding.code === code),
  );
