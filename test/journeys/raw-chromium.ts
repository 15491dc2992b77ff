import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

export interface RawChromium {
  readonly address: string;
  readonly ended: Promise<unknown>;
  /** At once, as when the machine loses its power: nothing is finished first. */
  readonly kill: () => Promise<void>;
}

/** A Chromium nobody has tuned, on a profile directory that outlives it. `CHROME_BIN` says which. */
export async function startChromium(profile: string): Promise<RawChromium> {
  // What a killed one left there would be taken for the new one's.
  await rm(join(profile, PORT_FILE), { force: true });
  const browser = spawn(process.env['CHROME_BIN'] ?? '', switches(profile), {
    stdio: 'ignore',
    detached: true,
  });
  const ended = new Promise(resolve => {
    browser.once('exit', resolve);
  });
  const kill = async () => {
    killAll(browser);
    await ended;
  };
  try {
    return { address: await debugAddress(profile, browser), ended, kill };
  } catch (error) {
    await kill();
    throw error;
  }
}

/** The browser and all it started: it has a process group of its own. */
function killAll(browser: ChildProcess): void {
  if (browser.pid === undefined || browser.exitCode !== null || browser.signalCode !== null) return;
  try {
    process.kill(-browser.pid, 'SIGKILL');
  } catch {
    // Where there are no process groups.
    browser.kill('SIGKILL');
  }
}

const PORT_FILE = 'DevToolsActivePort';

const switches = (profile: string) => [
  '--headless=new',
  '--remote-debugging-port=0',
  `--user-data-dir=${profile}`,
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // An extension may be loaded by whoever debugs; it changes nothing for a page.
  '--enable-unsafe-extension-debugging',
  '--lang=nb-NO',
  // `fremmed.test` is a site of its own on this machine, and so is `nabo.localhost`, which is as trustworthy as https;
  // nothing outside it can be reached.
  '--host-resolver-rules=MAP fremmed.test 127.0.0.1, MAP nabo.localhost 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  'about:blank',
];

/** Chromium writes the port it was given into its profile. */
async function debugAddress(profile: string, browser: ChildProcess): Promise<string> {
  const file = join(profile, PORT_FILE);
  for (const until = Date.now() + 15_000; Date.now() < until; ) {
    if (browser.exitCode !== null) throw new Error(`Chromium ended with ${browser.exitCode}`);
    const [port, path] = existsSync(file) ? (await readFile(file, 'utf8')).split('\n') : [];
    if (port && path) return `ws://127.0.0.1:${port}${path}`;
    await new Promise(resolve => {
      setTimeout(resolve, 25);
    });
  }
  throw new Error('Chromium did not say where it listens');
}
