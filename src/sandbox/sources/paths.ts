/** The sources beside the EHR's own FHIR server, each at a base of its own: `/kj`, `/sfm`. */
export const SOURCE_KEYS = ['kj', 'sfm', 'pjd', 'nilar', 'pmd', 'planer'] as const;
export type SourceKey = (typeof SOURCE_KEYS)[number];

/** `/kj/Flag` is kjernejournal's, `/kjemi` is nobody's. */
export function sourceAt(pathname: string): SourceKey | undefined {
  return SOURCE_KEYS.find(key => pathname === `/${key}` || pathname.startsWith(`/${key}/`));
}

/** `planer` and kjernejournal's status are NHN's own JSON; everything else speaks FHIR. */
export function isPlainJson(pathname: string): boolean {
  return sourceAt(pathname) === 'planer' || pathname === '/kj/status';
}
