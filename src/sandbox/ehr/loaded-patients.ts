import type { Policy, Resource } from '../types.ts';

/** The demo's rules for the demo's people; patients loaded with `--data` are open to every user. */
export function openForLoaded(demo: Policy, loaded: readonly Resource[]): Policy {
  if (loaded.length === 0) return demo;
  const patients = new Set(loaded.filter(one => one.resourceType === 'Patient').map(one => one.id));
  const known = new Set(loaded.map(({ resourceType, id }) => `${resourceType}/${id}`));
  // Asked for every resource of every search; a resource never changes, a new version is a new object.
  const remembered = new WeakMap<Resource, boolean>();

  function isOpen(resource: Resource): boolean {
    const about = patientsNamedIn(resource);
    if (about.length > 0) return about.every(id => patients.has(id));
    return known.has(`${resource.resourceType}/${resource.id}`);
  }

  return {
    sees(access, resource) {
      const open = remembered.get(resource) ?? isOpen(resource);
      remembered.set(resource, open);
      return open ? 'show' : demo.sees(access, resource);
    },
    blocked: (access, patientId) => !patients.has(patientId) && demo.blocked(access, patientId),
    withheld: (access, patientId, type) =>
      !patients.has(patientId) && (demo.withheld?.(access, patientId, type) ?? false),
  };
}

function patientsNamedIn(resource: Resource): readonly (string | undefined)[] {
  if (resource.resourceType === 'Patient') return [resource.id];
  return [...JSON.stringify(resource).matchAll(/"reference":"(?:[^"]*\/)?Patient\/([^"/]+)/g)].map(
    ([, id]) => id,
  );
}
