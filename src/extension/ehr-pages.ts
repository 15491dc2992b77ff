import { ehrPages } from './heard.ts';
import { settings } from './settings.ts';

const SCRIPT: chrome.scripting.RegisteredContentScript = {
  id: 'ehr',
  js: ['ehr.js'],
  runAt: 'document_start',
  allFrames: false,
  persistAcrossSessions: true,
};

/**
 * Puts the content script into the pages of the configured EHRs we have permission for, those already open included, and
 * takes it out of all others. An EHR whose permission nobody has given is simply not heard.
 */
export async function attendEhrPages(): Promise<void> {
  const { configuration } = await settings();
  const matches: string[] = [];
  for (const page of ehrPages(configuration))
    if (await chrome.permissions.contains({ origins: [page] })) matches.push(page);
  const { scripting } = chrome;
  const [registered] = await scripting.getRegisteredContentScripts({ ids: [SCRIPT.id] });
  if (matches.length === 0) {
    if (registered) await scripting.unregisterContentScripts({ ids: [SCRIPT.id] });
    return;
  }
  if (registered) await scripting.updateContentScripts([{ ...SCRIPT, matches }]);
  else await scripting.registerContentScripts([{ ...SCRIPT, matches }]);
  const open = await chrome.tabs.query({ url: matches });
  await Promise.allSettled(
    open.flatMap(({ id: tabId }) =>
      tabId === undefined ? [] : scripting.executeScript({ target: { tabId }, files: ['ehr.js'] }),
    ),
  );
}
