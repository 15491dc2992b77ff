/** What the launch needs of Chrome: its login window, and where its redirect comes back to. */
export const loginWindow = {
  get redirectUri() {
    return chrome.identity.getRedirectURL('smart');
  },
  /**
   * The address that came back. Works beside any EHR, needs no page of ours on the web, and Chrome itself catches the
   * redirect (chrome.identity). Rejects when the person closes the window or, where nobody is to be asked
   * (`interactive` false), when there is a page to be filled in.
   */
  async open(address: string, interactive: boolean): Promise<string> {
    const back = await chrome.identity.launchWebAuthFlow({ url: address, interactive });
    if (!back) throw new Error('The login window gave no answer');
    return back;
  },
  openSettings: () => chrome.runtime.openOptionsPage(),
};

/** Every message to this panel, with whoever sent it. Nothing is answered. */
export function onMessage(
  hear: (message: unknown, sender: chrome.runtime.MessageSender) => void,
): void {
  chrome.runtime.onMessage.addListener((message: unknown, sender) => {
    hear(message, sender);
  });
}
