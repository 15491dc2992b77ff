import type { Issue } from '../store/outcome.ts';
import { outcomeOf } from '../store/outcome.ts';
import type { Resource } from '../types.ts';

interface Parts {
  readonly matches: readonly Resource[];
  readonly includes?: readonly Resource[];
  readonly notices?: readonly Issue[];
  /** All matches, also those on other pages. */
  readonly total?: number;
  readonly links?: readonly { readonly relation: string; readonly url: string }[];
}

/** FHIR R4 3.1.1.5, a searchset: matches, what comes along, and what the source has to say about its answer. */
export function searchset(base: string, parts: Parts): Resource {
  const { matches, includes = [], notices = [], total = matches.length, links } = parts;
  const entry = (resource: Resource, mode: string) => ({
    fullUrl: `${base}/${resource.resourceType}/${resource.id}`,
    resource,
    search: { mode },
  });
  return {
    resourceType: 'Bundle',
    type: 'searchset',
    total,
    link: links,
    entry: [
      ...matches.map(resource => entry(resource, 'match')),
      ...includes.map(resource => entry(resource, 'include')),
      ...(notices.length > 0
        ? [{ resource: outcomeOf(notices), search: { mode: 'outcome' } }]
        : []),
    ],
  };
}
