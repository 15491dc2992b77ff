/**
 * The one seam to Chrome. A login in Chrome's own window: works beside any EHR, needs no page of ours on the web, and
 * Chrome itself catches the redirect (chrome.identity).
 */
export const loginWindow = {
  get redirectUri() {
    return chrome.identity.getRedirectURL('smart');
  },
  /** The address that came back. Rejects when the person closes the window. */
  async open(address: string): Promise<string> {
    const back = await chrome.identity.launchWebAuthFlow({ url: address, interactive: true });
    if (!back) throw new Error('The login window gave no answer');
    return back;
  },
};
