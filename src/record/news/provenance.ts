import { z } from 'zod/mini';
import { localRef, type Shelf } from '../../fhir/references.ts';
import {
  Codeable,
  hasCode,
  list,
  Period,
  Reference,
  References,
  resource,
  text,
  wording,
} from '../../fhir/shapes.ts';
import { actorName } from '../actors.ts';
import type { FhirDate } from '../model.ts';
import type { Item } from '../reading.ts';
import type { Reader } from '../sift.ts';

/** What was done with something, when and by whom, as the source's own history tells it (R4 Provenance). */
export interface Provenance extends Item {
  /** What it was done with: `Type/id` at the same source. */
  readonly targets: readonly string[];
  /** When it happened, else when it was written down. */
  readonly at: FhirDate | undefined;
  readonly what: string | undefined;
  readonly by: string | undefined;
  /** A plan was looked at, and nothing was changed. */
  readonly opened: boolean;
  /** Of an opening: `Type/id` of everybody it was done by, and of the person behind each role. */
  readonly openedBy: readonly string[];
}

const Shape = z.looseObject({
  ...resource('Provenance').shape,
  target: References,
  occurredDateTime: text,
  occurredPeriod: z.optional(Period),
  recorded: text,
  activity: z.optional(Codeable),
  agent: list(z.looseObject({ who: z.optional(Reference) })),
});
const Role = z.looseObject({ practitioner: z.optional(Reference) });

/** Reads the history that the source at `base` keeps; names come from what is on the shelf. */
export const provenanceReader = (base: string, shelf: Shelf): Reader<typeof Shape, Provenance> => ({
  shape: Shape,
  item(wire, about) {
    const { target, occurredDateTime, occurredPeriod, recorded, activity, agent } = wire;
    const targets = target.flatMap(({ reference }) => localRef(base, reference) ?? []);
    const agents = agent.flatMap(({ who }): readonly Reference[] => (who ? [who] : []));
    const opened = isOpening(activity) && targets.some(ref => ref.startsWith('CarePlan/'));
    return {
      ...about,
      targets,
      at: occurredDateTime ?? occurredPeriod?.end ?? occurredPeriod?.start ?? recorded,
      what: wording(activity),
      by: agents.map(who => actorName(who, shelf)).find(Boolean),
      opened,
      openedBy: opened ? agents.flatMap(who => personsIn(who, base, shelf)) : [],
    };
  },
  unreadable: about => ({
    ...about,
    targets: [],
    at: undefined,
    what: undefined,
    by: undefined,
    opened: false,
    openedBy: [],
  }),
});

/** ISO 21089 «access» and v3-DataOperation READ; where there is no code, the word itself (ours). */
const isOpening = (activity: Codeable | undefined) =>
  hasCode(activity, 'http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle', 'access') ||
  hasCode(activity, 'http://terminology.hl7.org/CodeSystem/v3-DataOperation', 'READ') ||
  /(?<!\p{L}|ikke )(?:åpnet|opened)(?!\p{L})/iu.test(activity?.text ?? '');

/** A user is signed in as a person, and histories are signed by roles. */
function personsIn(who: Reference, base: string, shelf: Shelf): readonly string[] {
  const ref = localRef(base, who.reference);
  if (!ref) return [];
  const role = ref.startsWith('PractitionerRole/') ? Role.safeParse(shelf.find(who)) : undefined;
  const person = role?.success ? localRef(base, role.data.practitioner?.reference) : undefined;
  return person ? [ref, person] : [ref];
}
