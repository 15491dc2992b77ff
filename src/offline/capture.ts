import type { ServerOffer } from '../fhir/capability.ts';
import type { Session } from '../fhir/session.ts';
import type { PatientRecord } from '../record/record.ts';
import { CRITICAL_TYPES } from '../record/sources/r4-searches.ts';
import { type CopiedAnswer, type Copy, offered, questionOf } from './copy.ts';

export interface Capture {
  /** The session to go on with: the same, overheard. */
  readonly session: Session;
  /** Stops listening. What was heard, if the acute page can be read from it. */
  readonly end: () => Promise<Copy>;
}

/**
 * Overhears what the EHR is asked for the acute page, and what it answers, until `end`.
 *
 * By type, and by what the answers themselves refer to as their next page: other things are asked through the same
 * session at the same time, among them the keys a person has at the EHR, and nothing of those may be kept.
 */
export function captureFrom(session: Session): Capture {
  const heard = new Map<string, Promise<CopiedAnswer | undefined>>();
  const said = new Map<string, boolean>();
  const pages: string[] = [];
  let listening = true;
  let since = Number.POSITIVE_INFINITY;

  async function listen(response: Response): Promise<CopiedAnswer | undefined> {
    try {
      const text = await response.text();
      pages.push(text);
      const type = response.headers.get('content-type') ?? '';
      return { status: response.status, type, at: session.clock.now().toISOString(), text };
    } catch {
      // Broken off on the way: then it was not heard, and is not kept.
      return undefined;
    }
  }

  return {
    session: {
      ...session,
      offer: session.offer.then(offer => overheard(offer, said)),
      async fetch(request) {
        if (!listening) return session.fetch(request);
        const body = request.method === 'GET' ? '' : await request.clone().text();
        const question = questionOf(session.iss, request, body);
        const response = await session.fetch(request);
        const wanted =
          listening &&
          question !== undefined &&
          // 401: the login of that moment. A copy has none, and asks nobody for one.
          response.status !== 401 &&
          (isAcute(question) || pages.some(text => text.includes(request.url)));
        if (wanted) {
          since = Math.min(since, Date.now());
          heard.set(question, listen(response.clone()));
        }
        return response;
      },
    },
    async end() {
      listening = false;
      const { iss, label, patient, scopes, purpose, sources, clock } = session;
      const [offer, answers] = await Promise.all([
        session.offer,
        Promise.all(
          [...heard].map(async ([question, answer]) => [question, await answer] as const),
        ),
      ]);
      return {
        version: 1,
        iss,
        label,
        patient,
        scopes: [...scopes],
        ...(purpose === undefined ? {} : { purpose }),
        sources: sources.map(source => ({
          kind: source.kind,
          base: source.base,
          label: source.label,
        })),
        offer: { batch: offer.batch, said: Object.fromEntries(said) },
        behindMs: clock.now().getTime() - Date.now(),
        since,
        answers: Object.fromEntries(
          answers.flatMap(([question, answer]) => (answer ? [[question, answer]] : [])),
        ),
      };
    },
  };
}

/**
 * Whether the acute page has been answered, and is something to keep. `refused`: the patient has blocked this person, and
 * what was kept before that must not be shown any more either.
 */
export function readiness({
  patient,
  sources,
}: PatientRecord): 'waits' | 'failed' | 'refused' | 'yes' {
  const who = patient.value;
  const ehr = sources.value.find(({ isEhr }) => isEhr);
  const of = (name: string) => ehr?.sections.find(section => section.name === name)?.known;
  const [plans, critical] = [of('plans'), of('critical')];
  if (who.state === 'loading' || !plans || !critical) return 'waits';
  if ([who, plans, critical].some(({ failure }) => failure?.kind === 'blocked')) return 'refused';
  return who.state === 'present' && !who.failure && !plans.failure ? 'yes' : 'failed';
}

/** What the acute page is made of, and what its plans and teams refer to. */
const ACUTE: ReadonlySet<string> = new Set([
  'Patient',
  'CarePlan',
  'CareTeam',
  'DocumentReference',
  ...CRITICAL_TYPES,
  'Practitioner',
  'PractitionerRole',
  'RelatedPerson',
  'Organization',
  'HealthcareService',
  'Location',
  'Goal',
  'ServiceRequest',
]);

/** A read, a search, or a batch of nothing but such, put to the journal itself and not to a source with an address below it. */
function isAcute(question: string): boolean {
  const [, first] = /^GET (\w+)[/?]/.exec(question) ?? [];
  if (first) return ACUTE.has(first);
  const asked = [...question.matchAll(/"method":"(\w+)","url":"(\w+)/g)];
  return (
    question.startsWith('POST  ') &&
    asked.length > 0 &&
    asked.every(([, method, type = '']) => method === 'GET' && ACUTE.has(type))
  );
}

function overheard(offer: ServerOffer, said: Map<string, boolean>): ServerOffer {
  const note = (name: string, yes: boolean) => {
    said.set(name, yes);
    return yes;
  };
  return {
    ...offer,
    has: type => note(offered.has(type), offer.has(type)),
    includes: (type, value) => note(offered.includes(type, value), offer.includes(type, value)),
    searches: (type, parameter) =>
      note(offered.searches(type, parameter), offer.searches(type, parameter)),
  };
}
