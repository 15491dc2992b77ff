import { z } from 'zod/mini';

/**
 * The keys of the read copies, one each, in `storage.session` only: in memory, closed to content scripts, and gone with
 * the browser (SAFETY 5.3, 2). A copy whose key is gone is noise.
 */
const PREFIX = 'copy.';

const Key = z.array(z.number());

export const keepCopyKey = (id: string, key: Uint8Array): Promise<void> =>
  chrome.storage.session.set({ [PREFIX + id]: [...key] });

export async function copyKey(id: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const found = await chrome.storage.session.get(PREFIX + id);
  const key = Key.safeParse(found[PREFIX + id]);
  return key.success ? new Uint8Array(key.data) : undefined;
}

export const forgetCopyKey = (id: string): Promise<void> =>
  chrome.storage.session.remove(PREFIX + id);

export async function forgetCopyKeys(): Promise<void> {
  const names = Object.keys(await chrome.storage.session.get());
  const keys = names.filter(name => name.startsWith(PREFIX));
  await Promise.all(keys.map(name => chrome.storage.session.remove(name)));
}
