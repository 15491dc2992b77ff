// Opens the panel, leaves it what an EHR's page has handed over, and keeps icon and content script in step with the
// configuration. It holds nothing: Chrome ends it whenever it likes, and what is written lies with the panel itself.
import { z } from 'zod/mini';
import { showBadge } from './badge.ts';
import { attendEhrPages } from './ehr-pages.ts';
import { handOver } from './handed.ts';
import { type Heard, heard, mayAsk } from './heard.ts';
import { onSettings, readPolicy, settings } from './settings.ts';

// No `eval` here, and zod would try for one.
z.config({ jitless: true });

const Issuers = z.looseObject({ issuers: z.array(z.unknown()) });

// Every listener is there before the first turn is over, or Chrome would not wake us for it.
chrome.runtime.onMessage.addListener((message, sender) => {
  const said = heard(message, sender, chrome.runtime.id);
  if (said) void leave(said).catch(reportError);
  // Nothing is answered: neither that we are here, nor whom we know.
});
chrome.runtime.onInstalled.addListener(() => void arrange());
chrome.runtime.onStartup.addListener(() => void arrange());
chrome.permissions.onAdded.addListener(() => void arrange());
chrome.permissions.onRemoved.addListener(() => void arrange());
onSettings(() => void arrange());
void chrome.sidePanel.setPanelBehavior({ openPanelOnActionClick: true });

/** The panel must be opened in the very turn of the press, before we can look up whose page it was. */
async function leave(it: Heard): Promise<void> {
  if (!('iss' in it.said)) return;
  // Rejected where nobody has pressed anything: then the launch waits for whoever opens the panel.
  const opening = chrome.sidePanel.open({ windowId: it.window }).catch(() => {});
  if (mayAsk(it, (await settings()).configuration)) await handOver(it.tab, it.said);
  await opening;
}

async function arrange(): Promise<void> {
  try {
    await readPolicy();
    const issuers = Issuers.safeParse((await settings()).configuration);
    const isConfigured = issuers.success && issuers.data.issuers.length > 0;
    await Promise.all([showBadge(isConfigured ? 'nobody' : 'unconfigured'), attendEhrPages()]);
  } catch (error) {
    reportError(error);
    await showBadge('failed');
  }
}
