import { asked } from './launch/address.ts';
import { isSafe, listed } from './launch/allow-list.ts';
import type { Configuration, IssuerConfiguration } from './launch/configuration.ts';
import { aboutConfiguration, aboutLogin, willAnswer } from './launch/first-questions.ts';
import { broughtHome } from './launch/messenger.ts';

// The first script of either page, and a small one (docs/performance.md).

/** How long the app waits to be run: an answer that has come already is read in less. */
const TURN_MS = 20;

const question = asked(new URL(location.href));
// At the redirect address, in a hidden frame or a window of a login, all that is needed is the answer: the app is
// fetched and run only where it will be seen.
if (!broughtHome(window)) void begin();

async function begin(): Promise<void> {
  if (question.kind === 'launch') await asking(question.iss);
  // This script waits for nothing, not even for the page to be read to its end.
  if (document.readyState === 'loading')
    await new Promise(resolve => addEventListener('DOMContentLoaded', resolve));
  await import('./main.tsx');
}

/**
 * Where the login is, is asked while the app is still being read. Whatever is wrong with an answer, the app will find
 * and say. Resolves when it has been asked: the app may have arrived by now, and to run it first would keep that back.
 */
function asking(iss: string): Promise<unknown> {
  const { address, init } = aboutConfiguration(location.href);
  const configuration = fetch(address, init);
  const issuer = allowed(configuration, iss).catch(() => undefined);
  willAnswer(address, configuration);
  willAnswer(aboutLogin({ iss }).address, login(issuer));
  return Promise.race([issuer, new Promise(resolve => setTimeout(resolve, TURN_MS))]);
}

async function login(
  found: Promise<IssuerConfiguration | undefined>,
): Promise<Response | undefined> {
  const issuer = await found;
  if (!issuer || issuer.endpoints) return undefined;
  const { address, init } = aboutLogin(issuer);
  return fetch(address, init);
}

/** Nothing leaves for an issuer that is not on the list (SAFETY L02). */
async function allowed(answer: Promise<Response>, iss: string) {
  const configuration: unknown = await (await answer).clone().json();
  if (!hasIssuers(configuration)) return undefined;
  const issuer = listed(configuration.issuers, iss);
  return issuer && isSafe(issuer.iss, configuration) ? issuer : undefined;
}

/** As far as is needed here: the app checks the rest, and an issuer that is none only ends this. */
const hasIssuers = (value: unknown): value is Configuration =>
  typeof value === 'object' && value !== null && 'issuers' in value;
