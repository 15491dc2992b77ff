// Stands in the pages of configured EHRs and carries two kinds of message to the panel; it reads nothing of the page,
// writes nothing into it, and gets no answer. It imports nothing: Chrome runs it as it stands, outside any module.

/** A page that was open when we came may be given the script twice; one is enough. */
const HERE = 'sideplan.here';

if (!Reflect.has(globalThis, HERE)) {
  Reflect.set(globalThis, HERE, true);
  addEventListener('message', ({ data, origin, source }: MessageEvent<unknown>) => {
    // What frames and other windows say is not the EHR's own word.
    if (source !== window || origin !== location.origin) return;
    if (typeof data !== 'object' || data === null || !('sideplan' in data)) return;
    // After an update of the extension this script is orphaned, and there is nobody to tell.
    if (!chrome.runtime?.id) return;
    void chrome.runtime.sendMessage(data.sideplan).catch(() => {});
  });
}
