import { z } from 'zod/mini';
import type { Raw } from '../../fhir/ask.ts';
import {
  Codeable,
  Codeables,
  hasCode,
  list,
  Meta,
  Period,
  References,
  resource,
  text,
  wording,
} from '../../fhir/shapes.ts';
import type { Plan, PlanStanding } from '../model.ts';
import type { Reader } from '../sift.ts';
import { nothingSaid } from './nothing-said.ts';
import { kindByCode } from './plan-kinds.ts';

const Shape = z.looseObject({
  ...resource('DocumentReference').shape,
  status: text,
  docStatus: text,
  type: z.optional(Codeable),
  category: Codeables,
  date: text,
  description: text,
  author: References,
  securityLabel: Codeables,
  meta: z.optional(Meta),
  context: z.optional(z.looseObject({ period: z.optional(Period) })),
  content: list(
    z.looseObject({ attachment: z.optional(z.looseObject({ title: text, creation: text })) }),
  ),
});

/** National document types that are plans (Volven 9602), and the code England's record locator uses. */
export function isPlanDocument(raw: Raw): boolean {
  const type = Codeable.safeParse(raw['type']);
  return type.success && kindByCode([type.data]) !== 'other';
}

/** A plan that exists only as a document: it may hold anything, and what it holds is not read here (no-basis-DocumentReference; IHE MHD). Its content is not opened here. */
export const planDocumentReader: Reader<typeof Shape, Plan> = {
  shape: Shape,
  item(wire, about) {
    const attachment = wire.content[0]?.attachment;
    return {
      ...about,
      ...nothingSaid,
      kind: kindByCode(wire.type ? [wire.type] : []),
      title: attachment?.title ?? wire.description ?? wording(wire.type),
      standing: standingOf(wire.status, wire.docStatus),
      from: wire.context?.period?.start ?? wire.date ?? attachment?.creation,
      until: wire.context?.period?.end,
      author: wire.author.map(({ display }) => display).find(Boolean),
      document: {
        date: wire.date ?? attachment?.creation,
        restricted: wire.securityLabel.some(label => isRestricted(label)),
      },
    };
  },
  unreadable: about => ({
    ...about,
    ...nothingSaid,
    kind: 'other',
    title: undefined,
    standing: 'doubtful',
    from: undefined,
    until: undefined,
    author: undefined,
    document: { date: undefined, restricted: false },
  }),
};

/** Volven 9603: NORS blocked, NORN_* refused. */
export const isRestricted = (label: Codeable) =>
  hasCode(label, '9603', 'NORS', 'NORN_ALL', 'NORN_EPO', 'NORN_FFL', 'NORN_FOR', 'NORN_KUT');

function standingOf(status: string | undefined, docStatus: string | undefined): PlanStanding {
  if (status === 'superseded') return 'ended';
  if (docStatus === 'preliminary') return 'draft';
  return status === 'current' ? 'in-force' : 'doubtful';
}
