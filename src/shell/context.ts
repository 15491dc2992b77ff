/** Which issuer and patient is on screen, for whoever tests or embeds the page (CONTRACT). */
export function inContext(context: string): void {
  document.documentElement.dataset['context'] = context;
}
