import type { Resource, SandboxUser } from '../types.ts';
import { infoClass, oslo, systems, to, unlessDash, volven } from './fhir.ts';
import { type DemoOrganization, type DemoUser, demo, organization } from './source.ts';

const registered = oslo('2026-01-05', '08:00');

/** Volven 9034 for the users whose place in the patient's care has a code; the rest have their role as text. */
const rolesInCare: Readonly<Record<string, { readonly code: string; readonly display: string }>> = {
  'u-gp': { code: '6', display: 'Fastlege' },
  'u-gp2': { code: '6', display: 'Fastlege' },
  'u-koord': { code: '8', display: 'Koordinator Individuell plan' },
  'u-bkoord': { code: '8', display: 'Koordinator Individuell plan' },
};

/** A coordinator's own number is shared with every agency in the plan, also those outside health. */
const coordinators: ReadonlySet<string> = new Set(['u-koord', 'u-bkoord']);

export const sandboxUsers: readonly SandboxUser[] = demo.users.map(
  ({ id, name, role, org, hpr }) => ({
    id,
    name,
    role,
    organization: organization(org).name,
    hpr: unlessDash(hpr),
    fhirUser: `Practitioner/${id}`,
  }),
);

export function peopleAndOrganizations(): readonly Resource[] {
  return [...demo.orgs.map(organizationResource), ...demo.users.flatMap(userResources)];
}

export function phones(text: string): readonly Readonly<Record<string, unknown>>[] {
  // «116 117 (lokal bakvakt +47 00 00 03 00)» is two numbers.
  const [first = text, second] = text.split(/ \(lokal bakvakt |\)/);
  return [first, second].flatMap((value, index) =>
    value ? [{ system: 'phone', value, use: 'work', rank: index + 1 }] : [],
  );
}

function organizationResource(org: DemoOrganization): Resource {
  return {
    resourceType: 'Organization',
    id: org.id,
    meta: { lastUpdated: registered, tag: [infoClass(org.infoClass)] },
    identifier: [
      { system: systems.orgnr, value: org.orgnr },
      ...(org.herId === '-' ? [] : [{ system: systems.herId, value: org.herId }]),
    ],
    active: true,
    type: [{ text: org.type }],
    name: org.name,
    telecom: phones(org.phone),
    partOf: org.parent ? to(`Organization/${org.parent}`) : undefined,
  };
}

function userResources({ id, name, role, org, hpr }: DemoUser): readonly Resource[] {
  const { phone, infoClass: orgClass } = organization(org);
  const [given = name, family = name] = name.replace('Kontaktlærer ', '').split(' ');
  const tag = [infoClass(coordinators.has(id) ? 'velferd' : orgClass)];
  const inCare = rolesInCare[id];
  return [
    {
      resourceType: 'Practitioner',
      id,
      meta: { lastUpdated: registered, tag },
      identifier: hpr === '-' ? undefined : [{ system: systems.hpr, value: hpr }],
      active: true,
      name: [{ use: 'official', text: name, family, given: [given] }],
    },
    {
      resourceType: 'PractitionerRole',
      id,
      meta: { lastUpdated: registered, tag },
      active: true,
      practitioner: to(`Practitioner/${id}`, name),
      organization: to(`Organization/${org}`),
      code: [{ coding: inCare && [volven(9034, inCare.code, inCare.display)], text: role }],
      telecom: phones(phone),
    },
  ];
}
