import { z } from 'zod/mini';

/** A launch the EHR's page has handed over (SMART App Launch 2.2, «EHR launch»). */
export interface Handed {
  readonly iss: string;
  readonly launch: string;
}

const Kept = z.object({ iss: z.string(), launch: z.string(), at: z.number() });

/** Somebody has just pressed the button; later than this, the EHR may show somebody else. */
const FRESH_MS = 60_000;

const SLOT = /^handed\.(\d+)$/;
const slot = (tab: number) => `handed.${tab}`;

/** Leaves a launch where that tab's panel finds it, opening or open. In memory only (`storage.session`). */
export function handOver(tab: number, { iss, launch }: Handed): Promise<void> {
  return chrome.storage.session.set({ [slot(tab)]: { iss, launch, at: Date.now() } });
}

/** Takes it: a launch is opened once. */
export async function takeHanded(tab: number): Promise<Handed | undefined> {
  const handed = await readHanded(tab);
  await chrome.storage.session.remove(slot(tab));
  return handed;
}

/** Looks at it, and leaves it for the one that will take it. */
export async function readHanded(tab: number): Promise<Handed | undefined> {
  const found = await chrome.storage.session.get(slot(tab));
  const kept = Kept.safeParse(found[slot(tab)]);
  if (!kept.success || Date.now() - kept.data.at > FRESH_MS) return undefined;
  const { iss, launch } = kept.data;
  return { iss, launch };
}

/** Told of each tab something is handed over for. */
export function onHanded(tell: (tab: number) => void): void {
  chrome.storage.session.onChanged.addListener(changes => {
    for (const [key, { newValue }] of Object.entries(changes)) {
      const tab = SLOT.exec(key)?.[1];
      if (tab !== undefined && newValue !== undefined) tell(Number(tab));
    }
  });
}
