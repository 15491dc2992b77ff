import { z } from 'zod/mini';
import { ehrPages } from './heard.ts';

const Servers = z.looseObject({
  issuers: z.array(
    z.looseObject({
      iss: z.string(),
      sources: z._default(z.array(z.looseObject({ base: z.string() })), []),
    }),
  ),
});

/**
 * The hosts a configuration needs, as match patterns, those not yet given first left out: the servers, for those that
 * answer an extension only where the browser has let it in, and the EHR's pages, which may hand over a launch.
 */
export async function hostsMissing(configuration: unknown): Promise<readonly string[]> {
  const found = Servers.safeParse(configuration);
  const servers = found.success
    ? found.data.issuers.flatMap(({ iss, sources }) => [iss, ...sources.map(({ base }) => base)])
    : [];
  const patterns = servers
    .filter(address => URL.canParse(address))
    .map(address => `${new URL(address).origin}/*`);
  const missing: string[] = [];
  for (const pattern of new Set([...patterns, ...ehrPages(configuration)]))
    if (!(await given(pattern))) missing.push(pattern);
  return missing;
}

async function given(pattern: string): Promise<boolean> {
  try {
    return await chrome.permissions.contains({ origins: [pattern] });
  } catch {
    // No pattern Chrome could ask for, such as an address of a scheme it does not let extensions into.
    return true;
  }
}

/** To be called from a click: Chrome asks the person. */
export const askForHosts = (patterns: readonly string[]): Promise<boolean> =>
  chrome.permissions.request({ origins: [...patterns] });
