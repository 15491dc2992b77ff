/**
 * Does any granted scope allow this? `right` is one letter of SMART v2's `cruds`.
 *
 * SMART App Launch 2.2, «Scopes for requesting FHIR resources»: v1 `read` means `r` and `s`, v1 `write` means
 * `c`, `u` and `d`. A scope narrowed by a query (`patient/Observation.rs?category=..`) still lets us ask; the server
 * answers with the part it allows. A server that returns no scope at all is taken to have granted what was asked.
 */
export function grants(
  scopes: readonly string[],
  type: string,
  right: 'c' | 'r' | 'u' | 'd' | 's',
): boolean {
  return scopes.some(scope => {
    const match = /^(?:patient|user|system)\/(\*|[A-Za-z]+)\.([a-z*]+)(?:\?.*)?$/.exec(scope);
    if (!match || (match[1] !== '*' && match[1] !== type)) return false;
    const allowed = match[2] ?? '';
    if (allowed === '*') return true;
    if (allowed === 'read') return right === 'r' || right === 's';
    if (allowed === 'write') return right === 'c' || right === 'u' || right === 'd';
    return allowed.includes(right);
  });
}
