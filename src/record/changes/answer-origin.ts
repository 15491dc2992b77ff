import type { Write } from '../../fhir/proposal.ts';
import { authorOf, made, to, toOwn } from '../evaluating/act.ts';
import type { Changes } from './read-changes.ts';

/** Who decided, and on which versions (R4 Provenance, agent «verifier»; HZ14). */
export function answerOrigin({ author }: Changes, writes: readonly Write[], pressed: string) {
  return made({
    resourceType: 'Provenance',
    target: writes.map(write => (write.kind === 'new' ? toOwn(write.uuid) : to(write.ref))),
    recorded: pressed,
    activity: { text: 'Endringer i behandlingen besvart' },
    agent: [
      {
        type: {
          coding: [
            {
              system: 'http://terminology.hl7.org/CodeSystem/provenance-participant-type',
              code: 'verifier',
            },
          ],
        },
        who: authorOf(author) ?? { display: 'Innlogget bruker' },
        ...(author.organizationRef ? { onBehalfOf: to(author.organizationRef) } : {}),
      },
    ],
    entity: writes.flatMap(write =>
      write.kind === 'changed'
        ? [{ role: 'revision', what: to(`${write.ref}/_history/${write.version}`) }]
        : [],
    ),
  });
}
