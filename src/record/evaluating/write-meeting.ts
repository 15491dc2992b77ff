import type { Raw } from '../../fhir/ask.ts';
import { type Act, made, NOTHING_WRITTEN, patientOf, to, type Written } from './act.ts';
import type { ResponseItem } from './form.ts';
import { presentWords } from './message.ts';
import { allOf, codeOf, referenceOf, wordsOf } from './response.ts';

/** The meeting: when, how, and who was there but the patient, whom R4 does not let take part (Encounter.participant). */
export function meetingWritten(act: Act): Written {
  const { items, day, meeting, occasion } = act;
  if (meeting === undefined) return NOTHING_WRITTEN;
  const [type] = wordsOf(items, 'type');
  const unit = occasion.author.organizationRef;
  const present = presentWords(items);
  return {
    writes: [
      made(
        {
          resourceType: 'Encounter',
          status: 'finished',
          class: {
            system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode',
            code: codeOf(items, 'mode') === 'oppmote' ? 'AMB' : 'VR',
          },
          type: [{ coding: [EVALUATION], text: type ? `Evaluering: ${type}` : 'Evaluering' }],
          subject: patientOf(act),
          participant: allOf(items, 'present').flatMap(participant),
          period: { start: day, end: day },
          serviceProvider: unit ? to(unit) : undefined,
        },
        meeting,
      ),
    ],
    summary: [
      {
        part: 'meeting',
        words: present.length > 0 ? `Møtet, med ${present.join('; ')}` : 'Møtet',
      },
    ],
  };
}

/** Volven 9322: the national code for an evaluation in a pathway. */
const EVALUATION = {
  system: 'urn:oid:2.16.578.1.12.4.1.1.9322',
  code: 'E',
  display: 'Evalueringspunkt',
};

/** R4 Encounter.participant.individual; anybody else is there by name. */
const PEOPLE = /^(?:Practitioner|PractitionerRole|RelatedPerson)\//;

function participant(present: ResponseItem): readonly Raw[] {
  const [name] = wordsOf([present], 'who');
  if (!name) return [];
  const ref = referenceOf([present], 'who');
  const [organization] = wordsOf([present], 'organization');
  return [
    {
      ...(organization ? { type: [{ text: organization }] } : {}),
      individual: ref && PEOPLE.test(ref) ? to(ref, name) : { display: name },
    },
  ];
}
