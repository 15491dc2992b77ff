import type { Resource } from '../types.ts';

/** Which part of a patient's story a resource belongs to; who sees which part is decided in access.ts. */
export type Part =
  | 'person'
  | 'acute plan'
  | 'contact'
  | 'health contact'
  | 'critical'
  | 'diagnosis'
  | 'medication'
  | 'shared medication'
  | 'plan'
  | 'welfare'
  | 'welfare excerpt'
  | 'what helps'
  | 'evaluation'
  | 'change'
  | 'result'
  | 'document'
  | 'municipal document'
  | 'welfare document'
  | 'masked document'
  | 'sharing'
  | 'history';

export interface Filed {
  readonly part: Part;
  readonly resource: Resource;
}

export function filed(part: Part, ...resources: readonly Resource[]): readonly Filed[] {
  return resources.map(resource => ({ part, resource }));
}
