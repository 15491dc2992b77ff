import { systems, unlessDash, volven } from '../demo/fhir.ts';
import { organization, user } from '../demo/source.ts';
import { uuidOf } from '../demo/uuid.ts';
import type { Resource } from '../types.ts';

const PROFILES = 'http://ehelse.no/fhir/StructureDefinition/';

/** SFM's reference: `type` holds a profile URL where R4 wants a resource type. Readers must live with it. */
export interface SfmReference {
  readonly reference: string;
  readonly type: string;
  readonly display: string;
}

/** Volven 7490 */
const roles: Readonly<Record<string, string>> = {
  F: 'Fastlege',
  M: 'Multidoseansvarlig lege',
  A: 'Ansvarlig farmasøyt',
};

export interface SfmPeople {
  /** Whoever the demo means by `u-gp` or `org-ara`; undefined for the patient. */
  readonly party: (id: string) => SfmReference | undefined;
  /** In a part in the list; without a role, as the one who wrote something. */
  readonly inRole: (id: string, role?: string) => SfmReference | undefined;
  readonly entries: () => readonly (readonly [string, Resource])[];
}

/** The people and organizations of one document, each put in once, when it is first named. */
export function sfmPeople(): SfmPeople {
  const entries = new Map<string, Resource>();

  function put(key: string, profile: string, display: string, resource: Resource): SfmReference {
    const reference = urnOf(key);
    entries.set(reference, {
      ...resource,
      id: uuidOf(`${key} id`),
      meta: { profile: [PROFILES + profile] },
    });
    return { reference, type: PROFILES + profile, display };
  }

  function practitioner(id: string): SfmReference {
    const { name, hpr } = user(id);
    const [given = name, family = name] = name.split(' ');
    const number = unlessDash(hpr);
    const display = number ? `${name}, HPR: ${number}` : name;
    return put(`sfm ${id}`, 'sfm-Practitioner', display, {
      resourceType: 'Practitioner',
      identifier: number && [{ use: 'official', system: systems.hpr, value: number }],
      active: true,
      name: [{ use: 'official', family, given: [given] }],
    });
  }

  function place(id: string): SfmReference {
    const { name, herId } = organization(id);
    const number = unlessDash(herId);
    return put(`sfm ${id}`, 'sfm-Organization', number ? `${name}, HER: ${number}` : name, {
      resourceType: 'Organization',
      identifier: number && [{ use: 'official', system: systems.herId, value: number }],
      name,
    });
  }

  return {
    party(id) {
      if (id.startsWith('org-')) return place(id);
      return id.startsWith('u-') ? practitioner(id) : undefined;
    },
    inRole(id, role) {
      const isPlace = id.startsWith('org-');
      if (!isPlace && !id.startsWith('u-')) return undefined;
      const person = isPlace ? undefined : practitioner(id);
      const where = place(isPlace ? id : user(id).org);
      const meaning = role && roles[role];
      const display = [person?.display, where.display, meaning && `${role}:${meaning}`];
      const key = `sfm ${id} role ${role ?? ''}`;
      return put(key, 'sfm-PractitionerRole', display.filter(Boolean).join(', '), {
        resourceType: 'PractitionerRole',
        practitioner: person,
        organization: where,
        code: role && [{ coding: [volven(7490, role, meaning)] }],
      });
    },
    entries: () => [...entries],
  };
}

export const urnOf = (key: string) => `urn:uuid:${uuidOf(key)}`;
