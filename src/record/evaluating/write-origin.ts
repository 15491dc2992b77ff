import type { Write } from '../../fhir/proposal.ts';
import { type Act, authorOf, made, NOTHING_WRITTEN, to, toOwn, type Written } from './act.ts';

/** Who did all this, for which unit, and on which edition of the plan (R4 Provenance). Last, so that all of it is there. */
export function originWritten(act: Act, writes: readonly Write[]): Written {
  const { occasion, pressed } = act;
  if (!act.takes('provenance')) return NOTHING_WRITTEN;
  const { author, ref, version, plan } = occasion;
  const isChanged = writes.some(write => write.kind === 'changed' && write.ref === ref);
  const who = authorOf(author) ?? { display: 'Innlogget bruker' };
  const edition = typeof plan['id'] === 'string' && version !== undefined;
  return {
    writes: [
      made({
        resourceType: 'Provenance',
        target: writes.map(write => (write.kind === 'new' ? toOwn(write.uuid) : to(write.ref))),
        recorded: pressed,
        activity: { text: 'Evaluering registrert' },
        agent: [
          {
            type: {
              coding: [
                {
                  system: 'http://terminology.hl7.org/CodeSystem/provenance-participant-type',
                  code: 'author',
                },
              ],
            },
            who,
            ...(author.organizationRef ? { onBehalfOf: to(author.organizationRef) } : {}),
          },
        ],
        entity: edition
          ? [
              {
                role: isChanged ? 'revision' : 'source',
                what: to(`${ref}/_history/${version}`),
              },
            ]
          : [],
      }),
    ],
    summary: [{ part: 'provenance', words: 'Hvem som skrev det, og når' }],
  };
}
