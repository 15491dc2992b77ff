/**
 * Token revocation (RFC 7009 2.1), the refresh token first: with it the server ends every token of the same login.
 * Resolves whether the server confirmed each of them.
 */
export async function revoke(
  tokens: readonly string[],
  endpoint: string,
  clientId: string,
  fetch: typeof globalThis.fetch,
): Promise<boolean> {
  const confirmed = await Promise.all(
    tokens.map(async token => {
      try {
        const { ok } = await fetch(endpoint, {
          method: 'POST',
          body: new URLSearchParams({ token, client_id: clientId }),
          cache: 'no-store',
          credentials: 'omit',
          redirect: 'error',
          referrerPolicy: 'no-referrer',
          signal: AbortSignal.timeout(10_000),
        });
        return ok;
      } catch {
        return false;
      }
    }),
  );
  return confirmed.every(Boolean);
}
