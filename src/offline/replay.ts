import { type ServerOffer, unknownOffer } from '../fhir/capability.ts';
import type { Clock, Session } from '../fhir/session.ts';
import { type Copy, offered, questionOf } from './copy.ts';

/**
 * A session whose EHR is the copy: it answers what it was asked then, word for word, and is otherwise as silent as a
 * network that is down, to every source. Nobody is signed in and nothing can be written.
 */
export function sessionOf(copy: Copy, signal: AbortSignal): Session {
  return {
    iss: copy.iss,
    label: copy.label,
    patient: copy.patient,
    user: { sub: undefined, name: undefined, fhirUser: undefined },
    scopes: copy.scopes,
    purpose: copy.purpose,
    authorization: undefined,
    headers: {},
    sources: copy.sources.map(source => ({ ...source, headers: {}, sendToken: false })),
    offer: Promise.resolve(offerOf(copy)),
    clock: clockOf(copy),
    copiedAt: oldestOf(copy),
    signal,
    async fetch(request) {
      const body = request.method === 'GET' ? '' : await request.text();
      const answer = copy.answers[questionOf(copy.iss, request, body) ?? ''];
      if (!answer) throw new TypeError('There is no network, and the copy does not have this');
      return new Response(answer.text, {
        status: answer.status,
        headers: { date: new Date(answer.at).toUTCString(), 'content-type': answer.type },
      });
    },
  };
}

/** The time is now, so that who is open and what has run out is judged by today; the answers are as old as they are. */
const clockOf = ({ behindMs }: Copy): Clock => ({
  now: () => new Date(Date.now() + behindMs),
  heard: () => {},
  given: response => new Date(response.headers.get('date') ?? ''),
});

const oldestOf = ({ answers }: Copy): Date =>
  new Date(Math.min(...Object.values(answers).map(({ at }) => Date.parse(at))));

function offerOf({ offer: { batch, said } }: Copy): ServerOffer {
  return {
    ...unknownOffer,
    batch,
    has: type => said[offered.has(type)] ?? true,
    includes: (type, value) => said[offered.includes(type, value)] ?? false,
    searches: (type, parameter) => said[offered.searches(type, parameter)] ?? false,
  };
}
