/** The issuer's public keys; undefined when they cannot be had. */
export async function publishedKeys(
  address: string | undefined,
  fetch: typeof globalThis.fetch,
): Promise<unknown> {
  if (!address) return undefined;
  try {
    const response = await fetch(address, {
      credentials: 'omit',
      redirect: 'error',
      referrerPolicy: 'no-referrer',
      signal: AbortSignal.timeout(15_000),
    });
    return response.ok ? await response.json() : undefined;
  } catch {
    // Without keys nothing is proven; `provenUser` says so.
    return undefined;
  }
}
