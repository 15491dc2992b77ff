// What no journey may do, whatever it is about: errors, violations of the policy, and people in addresses, titles or logs.
import type { BrowserContext, ConsoleMessage, Page } from '@playwright/test';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';

export interface Watch {
  /** From now on everything this browser context does is watched. */
  over: (context: BrowserContext) => Promise<void>;
  /** Names a problem this journey is about. */
  expects: (like: RegExp) => void;
  /** What happened that nobody expected, in words. */
  unexpected: () => readonly string[];
}

/**
 * Errors in the console and uncaught ones; what the content security policy stops, in any frame (CATALOGUE X06);
 * any national identity number or patient's name in an address, a title or the console (S11, S12); fields whose content
 * the browser would write to disk (S02), and a patient's page it would send away to be translated.
 */
export function watch(sandbox: Sandbox): Watch {
  const problems: string[] = [];
  const expected: RegExp[] = [];
  const names = sandbox.store.all('Patient').flatMap(familyNames);

  function look(where: string, text: string) {
    const what = personIn(text, names);
    if (what) problems.push(`${what} in ${where}: ${text}`);
  }
  function console(message: ConsoleMessage) {
    look('the console', message.text());
    if (message.type() === 'error') problems.push(`${message.text()} (${message.location().url})`);
  }
  function page(opened: Page) {
    opened.on('framenavigated', frame => look('an address', frame.url()));
    opened.on('websocket', socket => look('an address', socket.url()));
  }

  return {
    async over(context) {
      context.on('console', console);
      context.on('serviceworker', worker => worker.on('console', console));
      context.on('weberror', error => problems.push(`Uncaught: ${error.error().message}`));
      context.on('request', request => look('an address', request.url()));
      context.on('page', page);
      for (const open of context.pages()) page(open);
      await context.addInitScript(speakUp);
      await context.addInitScript(speakOfKeeping);
    },
    expects: like => void expected.push(like),
    unexpected: () => problems.filter(problem => !expected.some(like => like.test(problem))),
  };
}

/** Runs in every frame of every page, before anything else there: what it says in the console reaches the watch. */
function speakUp() {
  document.addEventListener('securitypolicyviolation', event => {
    // oxlint-disable-next-line no-console -- in the page
    console.error(`CSP ${event.effectiveDirective} blocks ${event.blockedURI}`);
  });
  let title = '';
  new MutationObserver(() => {
    if (document.title === title) return;
    title = document.title;
    // oxlint-disable-next-line no-console -- in the page
    console.debug(`The title is ${title}`);
  }).observe(document, { subtree: true, childList: true, characterData: true });
}

/** Runs there as well: what the browser would carry away by itself. */
function speakOfKeeping() {
  new MutationObserver(() => {
    for (const field of document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>(
      'textarea, input:not([type="hidden"], [type="checkbox"])',
    )) {
      if (field.autocomplete !== 'off' && field.form?.autocomplete !== 'off')
        // oxlint-disable-next-line no-console -- in the page
        console.error(`The browser keeps what is written in ${field.id || field.name}`);
    }
    if (document.documentElement.translate && document.querySelector('[data-patient-banner]'))
      // oxlint-disable-next-line no-console -- in the page
      console.error('The browser may translate the page of a patient');
  }).observe(document, { subtree: true, childList: true });
}

function personIn(text: string, names: readonly string[]): string | undefined {
  const plain = decoded(text).replaceAll(UUID, '');
  if (/(?<!\d)\d{11}(?!\d)/.test(plain)) return 'a number of eleven digits';
  return names.find(name => plain.includes(name));
}

/** Its last group may by chance be eleven digits and a letter. */
const UUID = /[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/gi;

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

function familyNames(patient: { readonly [key: string]: unknown }): readonly string[] {
  const names = Array.isArray(patient['name']) ? patient['name'] : [];
  return names.flatMap(({ family }: { family?: string }) => family ?? []);
}
