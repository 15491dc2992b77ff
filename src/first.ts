import { asked } from './launch/address.ts';
import { isSafe, listed } from './launch/allow-list.ts';
import type { Configuration } from './launch/configuration.ts';
import { aboutConfiguration, aboutLogin, willAnswer } from './launch/first-questions.ts';

// The first script of launch.html, and a small one: it asks where the login is while the app is still being read
// (docs/performance.md). Whatever is wrong with an answer, the app will find and say.
const question = asked(new URL(location.href));
if (question.kind === 'launch') {
  const { address, init } = aboutConfiguration(location.href);
  const configuration = fetch(address, init);
  willAnswer(address, configuration);
  willAnswer(aboutLogin(question).address, login(configuration, question.iss));
}

async function login(answer: Promise<Response>, iss: string): Promise<Response | undefined> {
  const issuer = await allowed(answer, iss).catch(() => undefined);
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
