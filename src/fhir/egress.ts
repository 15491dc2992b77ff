import type { Session } from './session.ts';

/** A request that would have left the issuer's own address. Thrown: only a programmer or a hostile server gets here. */
export class ForeignAddress extends Error {
  override readonly name = 'ForeignAddress';
}

/** What goes out beside the address. A national identifier travels in the body or a header, never in the address. */
export interface Outgoing {
  readonly method?: string;
  readonly body?: string;
  /** `application/fhir+json` unless told. */
  readonly bodyType?: string;
  /** `application/fhir+json` unless told. */
  readonly accept?: string;
  /** Of this one question, beside the issuer's own. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * The one place that attaches the access token (SAFETY TM07; OAuth 2.0 Security BCP, RFC 9700 section 4.9).
 *
 * The address must lie below the issuer's base, path included: `https://ehr/fhir` does not cover `https://ehr/fhir2`,
 * and `..`, userinfo or another port do not slip past because the URL parser has already resolved them. Redirects are
 * refused rather than followed, nothing is cached on disk, and no cookies travel. A refused token is renewed once where
 * that can be done, and the question asked once more; never a third time (SAFETY T10).
 */
export async function send(
  session: Session,
  address: string,
  init: Outgoing & { readonly timeoutMs: number },
): Promise<Response> {
  const url = withinBase(session.iss, address);
  if (!url) throw new ForeignAddress('The address is outside the issuer');
  const token = await session.authorization?.token();
  const response = await sendOnce(session, url, init, token);
  if (response.status !== 401 || token === undefined) return response;
  // 401 means that nothing was done, so a write may be sent again as well as a read (RFC 9110 15.5.2).
  const other = await session.authorization?.instead(token);
  return other === undefined ? response : sendOnce(session, url, init, other);
}

async function sendOnce(
  session: Session,
  url: string,
  init: Outgoing & { readonly timeoutMs: number },
  token: string | undefined,
): Promise<Response> {
  // It may have ended while a token was on its way.
  session.signal.throwIfAborted();
  const headers = new Headers({ ...session.headers, ...init.headers });
  headers.set('accept', init.accept ?? 'application/fhir+json');
  if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
  if (init.body !== undefined)
    headers.set('content-type', init.bodyType ?? 'application/fhir+json');
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
