import { z } from 'zod/mini';
import type { Raw } from '../../fhir/ask.ts';
import { mediaType } from '../../fhir/download.ts';
import { withinBase } from '../../fhir/egress.ts';
import { shelf } from '../../fhir/references.ts';
import {
  Codeable,
  Codeables,
  either,
  HumanNames,
  list,
  Period,
  Reference,
  References,
  resource,
  text,
  wording,
} from '../../fhir/shapes.ts';
import type { FhirDate } from '../model.ts';
import { nameOf } from '../patient.ts';
import { isRestricted } from '../plans/plan-documents.ts';
import type { Flag, Item, Shared } from '../reading.ts';
import type { Reader } from '../sift.ts';

/** A document about the patient: what it is and where it lies, never its content (R4 DocumentReference; IHE MHD). */
export interface PatientDocument extends Shared<PatientDocument> {
  /** Undefined: neither title nor type could be read. */
  readonly title: string | undefined;
  /** What kind of document, where the title does not already say it. */
  readonly kind: string | undefined;
  /** When it was made, else when it was filed. */
  readonly at: FhirDate | undefined;
  /** Who keeps it, else who wrote it. */
  readonly organization: string | undefined;
  /** R4 `status` and `docStatus`, both modifiers. `doubtful`: one we do not know. */
  readonly standing: 'current' | 'superseded' | 'preliminary' | 'amended' | 'doubtful';
  /** The patient has restricted it (Volven 9603). */
  readonly restricted: boolean;
  readonly attachments: readonly Attachment[];
}

/** One form of the content. */
export interface Attachment {
  /** Media type, lower case, without parameters. */
  readonly type: string | undefined;
  readonly bytes: number | undefined;
  readonly pages: number | undefined;
  /** `nowhere`: the source gives no content. `elsewhere`: an address outside the source, which is never followed. */
  readonly where:
    | { readonly method: 'GET' | 'POST'; readonly address: string }
    | { readonly base64: string }
    | 'elsewhere'
    | 'nowhere';
}

/** R5 has it as an element, R4 as that element's extension. */
const PAGES = 'http://hl7.org/fhir/5.0/StructureDefinition/extension-Attachment.pages';

const AttachmentShape = z.looseObject({
  contentType: text,
  url: text,
  data: text,
  title: text,
  creation: text,
  size: z.optional(z.number()),
  pages: z.optional(z.number()),
  extension: list(z.looseObject({ url: text, valuePositiveInt: z.optional(z.number()) })),
});

const Shape = z.looseObject({
  ...resource('DocumentReference').shape,
  status: text,
  docStatus: text,
  type: z.optional(Codeable),
  date: text,
  description: text,
  author: References,
  custodian: z.optional(Reference),
  securityLabel: Codeables,
  context: z.optional(z.looseObject({ period: z.optional(Period) })),
  content: list(z.looseObject({ attachment: z.optional(AttachmentShape) })),
});
type Wire = z.output<typeof Shape>;

/** Reads the documents of the source at `base`. */
export const documentReader = (base: string): Reader<typeof Shape, PatientDocument> => ({
  shape: Shape,
  item: (wire, about, raw) => documentFrom(wire, about, raw, base),
  unreadable: (about, raw) => ({
    ...about,
    title: titleIn(raw),
    kind: undefined,
    at: typeof raw['date'] === 'string' ? raw['date'] : undefined,
    organization: undefined,
    standing: 'doubtful',
    restricted: false,
    attachments: [],
  }),
});

function documentFrom(wire: Wire, about: Item, raw: Raw, base: string): PatientDocument {
  const attachments = wire.content.flatMap(({ attachment }) => attachment ?? []);
  const title = attachments.map(({ title: said }) => said).find(Boolean) ?? wire.description;
  const kind = wording(wire.type);
  const standing = standingOf(wire);
  const flags: readonly Flag[] =
    standing === 'superseded' ? [...about.flags, 'inactive'] : about.flags;
  return {
    ...about,
    flags,
    title: title ?? kind,
    kind: kind === title || !title ? undefined : kind,
    at: attachments.map(({ creation }) => creation).find(Boolean) ?? wire.date,
    organization: [wire.custodian, ...wire.author].map(who => whoIs(who, raw, base)).find(Boolean),
    standing,
    restricted: wire.securityLabel.some(isRestricted),
    attachments: attachments.map(one => attachmentFrom(one, base)),
  };
}

/** What can be said of a document that cannot be read whole. */
function titleIn(raw: Raw): string | undefined {
  if (typeof raw['description'] === 'string') return raw['description'];
  const type = Codeable.safeParse(raw['type']);
  return type.success ? wording(type.data) : undefined;
}

function standingOf({ status, docStatus }: Wire): PatientDocument['standing'] {
  if (status === 'superseded') return 'superseded';
  if (status !== 'current') return 'doubtful';
  if (docStatus === 'preliminary' || docStatus === 'amended') return docStatus;
  return docStatus === undefined || docStatus === 'final' ? 'current' : 'doubtful';
}

const Somebody = z.looseObject({
  name: z.optional(either(z.string(), HumanNames)),
  organization: z.optional(Reference),
});

/** MHD keeps its authors inside the document reference (`#author`); their organization says most. */
function whoIs(
  who: Reference | undefined,
  raw: Raw,
  base: string,
  isUnit = false,
): string | undefined {
  if (!who || who.display) return who?.display;
  const found = Somebody.safeParse(shelf(base, []).find(who, raw));
  if (!found.success) return undefined;
  const { name, organization } = found.data;
  if (typeof name === 'string') return name;
  // One step, or an author who is its own organization would be asked for ever.
  return (isUnit ? undefined : whoIs(organization, raw, base, true)) ?? nameOf(name ?? []);
}

function attachmentFrom(wire: z.output<typeof AttachmentShape>, base: string): Attachment {
  const pages = wire.extension.find(({ url }) => url === PAGES)?.valuePositiveInt;
  return {
    type: mediaType(wire.contentType),
    bytes: wire.size,
    pages: wire.pages ?? pages,
    where: whereIs(wire, base),
  };
}

/** NHN hands documents out by POST to `mhd/document`; elsewhere ITI-68 and Binary are GET. */
function whereIs({ url, data }: z.output<typeof AttachmentShape>, base: string) {
  if (data) return { base64: data };
  if (!url) return 'nowhere';
  const address = withinBase(base, url);
  if (!address) return 'elsewhere';
  const method = /\/mhd\/document\?/.test(address) ? 'POST' : 'GET';
  return { method, address } as const;
}
