import type { Raw } from '../../fhir/ask.ts';
import type { ServerOffer } from '../../fhir/capability.ts';
import { grants } from '../../fhir/scopes.ts';
import type { Session } from '../../fhir/session.ts';
import { sourceOf, uninterpretable } from '../sift.ts';
import type { Part, Takes } from './evaluating.ts';

/** What an evaluation would be written into. */
interface Wanted {
  /** The plan as the EHR has it; undefined: another source's plan, which is read and never written. */
  readonly plan: Raw | undefined;
  readonly goals: readonly Raw[];
  /** There is somebody to send tasks and a message to. */
  readonly doctor: boolean;
}

type Right = (type: string) => boolean;

/**
 * What this server takes of an evaluation from this person: what it says it offers, what the token covers, and what may
 * be written back at all. Decided before the person starts (SERVERS.md: types can be missing, read-only, or can be
 * changed and not made).
 */
export function takesOf(session: Session, offer: ServerOffer, wanted: Wanted): Takes {
  const { scopes } = session;
  const offers = (type: string) => offer.has(type) && offer.takes(type, 'create');
  const makes: Right = type => offers(type) && grants(scopes, type, 'c');
  const changes: Right = type => {
    const offered = offer.has(type) && offer.takes(type, 'update');
    return offered && grants(scopes, type, 'u');
  };
  // Nobody proven to have signed in, or somebody who does not treat (docs/fhir.md, Goals, measures and who takes part).
  if (!session.user.sub || !isClinician(session) || !grants(scopes, 'Condition', 's'))
    return { how: 'nothing', why: 'not-permitted' };
  if (!makes('QuestionnaireResponse')) {
    if (makes('DocumentReference')) return { how: 'document' };
    const offered = offers('QuestionnaireResponse') || offers('DocumentReference');
    return { how: 'nothing', why: offered ? 'not-permitted' : 'not-supported' };
  }
  const without = missing(wanted, makes, changes);
  return without.length > 0 ? { how: 'less', without } : { how: 'whole' };
}

function missing({ plan, goals, doctor }: Wanted, makes: Right, changes: Right): readonly Part[] {
  const parts: readonly (readonly [Part, boolean])[] = [
    ['meeting', makes('Encounter')],
    [
      'goals',
      plan !== undefined && (goals.length === 0 || (changes('Goal') && goals.some(isWritable))),
    ],
    ['plan', plan !== undefined && changes('CarePlan') && isWritable(plan)],
    ['tasks', makes('Task') && doctor],
    ['message', makes('Communication') && doctor],
    ['provenance', makes('Provenance')],
  ];
  return parts.flatMap(([part, taken]) => (taken ? [] : [part]));
}

export const takesScores = ({ scopes }: Session, offer: ServerOffer): boolean =>
  offer.has('Observation') &&
  offer.takes('Observation', 'create') &&
  grants(scopes, 'Observation', 'c');

/** A patient or a next of kin may sign in to some EHRs; an evaluation is a clinician's. */
const isClinician = ({ user: { fhirUser } }: Session) =>
  !/^(?:Patient|RelatedPerson)\//.test(fhirUser ?? '');

/**
 * A resource is changed only as it was read: on a known version, whole (`SUBSETTED` never goes back, SAFETY R27), and
 * without anything in it whose meaning is not known here.
 */
export const isWritable = (raw: Raw): boolean =>
  typeof raw['id'] === 'string' &&
  sourceOf(raw, '').version !== undefined &&
  uninterpretable(raw).length === 0;
