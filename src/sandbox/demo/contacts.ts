import type { Resource } from '../types.ts';
import { type Extension, extension, infoClass, nested, oslo, to, volven } from './fhir.ts';
import { type AvailableTime, hoursOf } from './hours.ts';
import { type Filed, filed } from './parts.ts';
import { phones } from './people-and-organizations.ts';
import {
  acutePlanOf,
  type DemoContact,
  type DemoPatient,
  organization,
  shortId,
  userNamed,
} from './source.ts';

/** Whom to call: the care team in clinical order, and the people and services behind each line. */
export function contacts(patient: DemoPatient): readonly Filed[] {
  if (patient.contacts.length === 0) return [];
  const members = patient.contacts.flatMap(contact =>
    filed(contact.visibility === 'helse' ? 'health contact' : 'contact', member(patient, contact)),
  );
  return [...filed('contact', careTeam(patient)), ...members];
}

function careTeam(patient: DemoPatient): Resource {
  const id = shortId(patient);
  const confirmed =
    patient.contacts
      .map(contact => contact.confirmed)
      .sort()
      .at(-1) ?? '';
  return {
    resourceType: 'CareTeam',
    id: `${id}-team`,
    meta: { lastUpdated: oslo(confirmed, '14:20') },
    extension: patient.noContact.map(({ who, why }) =>
      nested('do-not-contact', [
        { url: 'who', valueString: who },
        { url: 'why', valueString: why },
      ]),
    ),
    status: 'active',
    name: `Hvem ringer vi: ${patient.preferred}`,
    subject: to(`Patient/${id}`),
    period: { start: acutePlanOf(patient)?.valid.split('/')[0] },
    participant: patient.contacts.map(contact => participant(patient, contact)),
  };
}

function participant(patient: DemoPatient, contact: DemoContact) {
  const type = isPrivate(contact) ? 'RelatedPerson' : 'PractitionerRole';
  return {
    extension: [
      extension('contact-rank', { valueInteger: contact.rank }),
      extension('contact-purpose', { valueString: contact.purpose }),
      extension('contact-confirmed', { valueDate: contact.confirmed }),
      extension('contact-visibility', { valueString: contact.visibility }),
      // RelatedPerson has no availableTime in R4, so a private person's hours stand here.
      ...(isPrivate(contact) ? hoursOf(contact.hours).availableTime.map(contactHours) : []),
    ],
    role: [role(contact)],
    member: to(`${type}/${contactId(patient, contact)}`, contact.name),
  };
}

function contactHours({ daysOfWeek, ...time }: AvailableTime): Extension {
  return nested('contact-hours', [
    ...daysOfWeek.map(day => ({ url: 'daysOfWeek', valueCode: day })),
    ...(time.allDay ? [{ url: 'allDay', valueBoolean: true }] : []),
    ...(time.availableStartTime
      ? [{ url: 'availableStartTime', valueTime: time.availableStartTime }]
      : []),
    ...(time.availableEndTime
      ? [{ url: 'availableEndTime', valueTime: time.availableEndTime }]
      : []),
  ]);
}

function member(patient: DemoPatient, contact: DemoContact): Resource {
  const shared = {
    id: contactId(patient, contact),
    meta: { lastUpdated: oslo(contact.confirmed, '14:20') },
    active: true,
  };
  if (isPrivate(contact)) {
    const [given = contact.name, family = contact.name] = contact.name.split(' ');
    return {
      resourceType: 'RelatedPerson',
      ...shared,
      patient: to(`Patient/${shortId(patient)}`),
      relationship: [{ text: contact.role }],
      name: [{ use: 'official', text: contact.name, family, given: [given] }],
      telecom: [{ system: 'phone', value: contact.phone, use: 'mobile' }],
    };
  }
  const practitioner = userNamed(contact.name);
  return {
    resourceType: 'PractitionerRole',
    ...shared,
    meta: { ...shared.meta, tag: [infoClass(organization(contact.org).infoClass)] },
    practitioner: practitioner && to(`Practitioner/${practitioner.id}`, practitioner.name),
    organization: to(`Organization/${contact.org}`),
    code: [role(contact)],
    telecom: phones(contact.phone),
    ...hoursOf(contact.hours),
  };
}

function role({ role: text }: DemoContact) {
  if (text === 'fastlege') return { coding: [volven(9034, '6', 'Fastlege')], text };
  if (text === 'barnekoordinator') {
    return { coding: [volven(9034, '8', 'Koordinator Individuell plan')], text };
  }
  return { text };
}

function isPrivate({ org }: DemoContact): boolean {
  return org === 'privat';
}

function contactId(patient: DemoPatient, { rank }: DemoContact): string {
  return `${shortId(patient)}-contact-${rank}`;
}
