/** https, or http on this very machine where the configuration allows it for demonstration. */
export function isSafe(
  address: string,
  { allowInsecureLoopback }: { readonly allowInsecureLoopback?: boolean | undefined },
): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  if (protocol === 'https:') return true;
  const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  return protocol === 'http:' && loopback && allowInsecureLoopback === true;
}

export const withoutSlash = (address: string) => address.replace(/\/+$/, '');

/**
 * The configured issuer with exactly this address (SAFETY TM01, L02). A trailing slash is the one difference EHRs are
 * forgiven; a prefix or another port is not.
 */
export const listed = <T extends { readonly iss: string }>(issuers: readonly T[], iss: string) =>
  issuers.find(issuer => withoutSlash(issuer.iss) === withoutSlash(iss));
