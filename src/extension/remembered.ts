/**
 * What the panel remembers of a launch beside one tab until the browser is closed, so that closing the panel and opening
 * it again needs no new login where the EHR still has one. It is what the web app keeps in its history entry: the EHR's
 * opaque handle and digests, no token and nothing to read (docs/decisions/0015).
 */
const slot = (tab: number) => `launch.${tab}`;

export const rememberBeside = (tab: number, launch: unknown): Promise<void> =>
  chrome.storage.session.set({ [slot(tab)]: launch });

export async function rememberedBeside(tab: number): Promise<unknown> {
  const found = await chrome.storage.session.get(slot(tab));
  return found[slot(tab)];
}

export const forgetBeside = (tab: number): Promise<void> =>
  chrome.storage.session.remove(slot(tab));
