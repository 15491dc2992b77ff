/** What the page's own address asks for. Nothing else in the address has any say (SAFETY D2, L03). */
export type Asked =
  | { readonly kind: 'launch'; readonly iss: string; readonly launch: string | undefined }
  | { readonly kind: 'broken'; readonly detail: 'no-iss' | 'repeated' }
  | { readonly kind: 'returned'; readonly returned: Returned }
  | { readonly kind: 'nothing' };

/** What the authorization server sent back (RFC 6749 4.1.2; `iss` from RFC 9207). */
export interface Returned {
  readonly state: string | undefined;
  readonly code: string | undefined;
  readonly error: string | undefined;
  readonly iss: string | undefined;
}

/** `launch.html` takes exactly one `iss` and at most one `launch`; `index.html` is the redirect address. */
export function asked(address: URL): Asked {
  const query = address.searchParams;
  if (address.pathname.endsWith('/launch.html')) {
    const [iss, ...more] = query.getAll('iss');
    const launches = query.getAll('launch');
    if (more.length > 0 || launches.length > 1) return { kind: 'broken', detail: 'repeated' };
    if (!iss) return { kind: 'broken', detail: 'no-iss' };
    return { kind: 'launch', iss, launch: launches[0] || undefined };
  }
  const returned = returnedIn(query);
  return returned ? { kind: 'returned', returned } : { kind: 'nothing' };
}

function returnedIn(query: URLSearchParams): Returned | undefined {
  if (!query.has('code') && !query.has('error') && !query.has('state')) return undefined;
  const one = (name: string) =>
    query.getAll(name).length === 1 ? (query.get(name) ?? '') : undefined;
  return { state: one('state'), code: one('code'), error: one('error'), iss: one('iss') };
}
