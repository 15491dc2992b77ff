import type { Resource } from '../types.ts';
import { coding, hl7, oslo, type Reference, to } from './fhir.ts';
import { type Filed, filed } from './parts.ts';
import { acutePlanOf, type DemoConsent, type DemoPatient, shortId } from './source.ts';

/** Recipients that are someone in the demo. Others stay names: «BUP-notat til skole» is no ban on the school. */
const recipients: Readonly<Record<string, string>> = {
  NAV: 'Organization/org-nav',
  PPT: 'Organization/org-ppt',
  'Barneverntjenesten ettervern': 'Organization/org-bv',
  'Videregående skole': 'Organization/org-vgs',
  'Skole og SFO': 'Organization/org-skole',
  'Navngitt lege u-blokk': 'Practitioner/u-blokk',
};

/** What the patient has said about sharing, one consent per recipient. */
export function sharing(patient: DemoPatient): readonly Filed[] {
  const decisions = patient.consent.filter(entry => entry.decision !== '-');
  return filed(
    'sharing',
    ...decisions.map((entry, index) => decision(patient, entry, index + 1)),
    ...restriction(patient),
  );
}

function decision(
  patient: DemoPatient,
  { recipient, what, decision: said }: DemoConsent,
  number: number,
): Resource {
  const permitted = said.startsWith('tillat');
  return consent(patient, `consent-${number}`, decidedOn(patient), {
    type: permitted ? 'permit' : 'deny',
    period: { end: /til (\d{4}-\d\d-\d\d)/.exec(said)?.[1] },
    actor: [actorOf(recipientOf(recipient))],
    code: [{ text: `${what} – ${said}` }],
  });
}

/** DEMO 5.10: the restriction itself is known, what it hides is not in the store at all. */
function restriction(patient: DemoPatient): readonly Resource[] {
  return patient.critical
    .filter(({ status }) => status === 'sperret')
    .map(({ what, detail, date }) =>
      consent(patient, 'consent-restriction', date, {
        type: 'deny',
        code: [{ text: `Kritisk informasjon: ${what}. ${detail}` }],
      }),
    );
}

function consent(patient: DemoPatient, idEnd: string, date: string, provision: object): Resource {
  const id = shortId(patient);
  const denied = 'type' in provision && provision.type === 'deny';
  return {
    resourceType: 'Consent',
    id: `${id}-${idEnd}`,
    meta: { lastUpdated: oslo(date, '10:00') },
    status: 'active',
    scope: { coding: [hl7('consentscope', 'patient-privacy', 'Privacy Consent')] },
    category: [{ coding: [coding('http://loinc.org', '59284-0', 'Consent Document')] }],
    patient: to(`Patient/${id}`),
    dateTime: date,
    performer: [to(`Patient/${id}`)],
    policyRule: { coding: [hl7('v3-ActCode', denied ? 'OPTOUT' : 'OPTIN')] },
    provision,
  };
}

function recipientOf(recipient: string): Reference {
  const known = recipients[recipient];
  return known ? to(known) : { display: recipient };
}

function actorOf(reference: Reference) {
  const role = hl7('v3-ParticipationType', 'IRCP', 'information recipient');
  return { role: { coding: [role] }, reference };
}

function decidedOn(patient: DemoPatient): string {
  return acutePlanOf(patient)?.valid.split('/')[0] ?? '';
}
