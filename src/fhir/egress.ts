import type { Session } from './session.ts';

/** A request that would have left the issuer's own address. Thrown: only a programmer or a hostile server gets here. */
export class ForeignAddress extends Error {
  override readonly name = 'ForeignAddress';
}

/**
 * The one place that attaches the access token (SAFETY TM07; OAuth 2.0 Security BCP, RFC 9700 section 4.9).
 *
 * The address must lie below the issuer's base, path included: `https://ehr/fhir` does not cover `https://ehr/fhir2`,
 * and `..`, userinfo or another port do not slip past because the URL parser has already resolved them. Redirects are
 * refused rather than followed, nothing is cached on disk, and no cookies travel.
 */
export async function send(
  session: Session,
  address: string,
  init: { readonly method?: string; readonly body?: string; readonly timeoutMs: number },
): Promise<Response> {
  const url = withinBase(session.iss, address);
  if (!url) throw new ForeignAddress('The address is outside the issuer');
  const headers = new Headers(session.headers);
  headers.set('accept', 'application/fhir+json');
  headers.set('authorization', `Bearer ${session.accessToken}`);
  if (init.body !== undefined) headers.set('content-type', 'application/fhir+json');
  const request = new Request(url, {
    method: init.method ?? 'GET',
    headers,
    ...(init.body === undefined ? {} : { body: init.body }),
    cache: 'no-store',
    credentials: 'omit',
    redirect: 'error',
    referrerPolicy: 'no-referrer',
    signal: AbortSignal.any([session.signal, AbortSignal.timeout(init.timeoutMs)]),
  });
  const response = await session.fetch(request);
  session.clock.heard(response);
  return response;
}

/** The absolute URL of `address` if it lies at or below `base`, else undefined. */
export function withinBase(base: string, address: string): string | undefined {
  const root = new URL(base.endsWith('/') ? base : `${base}/`);
  if (!URL.canParse(address, root)) return undefined;
  const url = new URL(address, root);
  const below = `${url.pathname}/`.startsWith(root.pathname);
  return url.origin === root.origin && below && !url.username && !url.password
    ? url.href
    : undefined;
}
