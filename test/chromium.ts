// Which browser do the journeys drive? `npx tsx test/chromium.ts` prints its path, or says how to get one.
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium as playwright } from '@playwright/test';

const howToGetOne =
  'No Chromium found. Install Chrome, Chromium or Edge, or run `npx playwright install chromium`,' +
  ' or set CHROME_BIN to the path of one.';

/** CHROME_BIN, else Playwright's own, else the system's, else (Debian, Ubuntu) one installed now. */
export function findChromium(): string {
  const named = process.env['CHROME_BIN'];
  if (named) {
    if (runs(named)) return named;
    throw new Error(`CHROME_BIN is ${named}, which is not a program that can be run.`);
  }
  const found = [playwright.executablePath(), ...usualPlaces()].find(runs) ?? installed();
  if (found) return found;
  throw new Error(howToGetOne);
}

function usualPlaces(): string[] {
  switch (process.platform) {
    case 'darwin':
      return [
        '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
        '/Applications/Chromium.app/Contents/MacOS/Chromium',
        '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
      ];
    case 'win32':
      return ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].flatMap(name => {
        const folder = process.env[name] ?? '';
        return [
          join(folder, 'Google/Chrome/Application/chrome.exe'),
          join(folder, 'Chromium/Application/chrome.exe'),
          join(folder, 'Microsoft/Edge/Application/msedge.exe'),
        ];
      });
    default:
      return [
        'chromium',
        'chromium-browser',
        'google-chrome-stable',
        'google-chrome',
        'microsoft-edge-stable',
      ].flatMap(onPath);
  }
}

function installed(): string | undefined {
  if (process.platform !== 'linux' || onPath('apt-get').length === 0) return undefined;
  const root = process.getuid?.() === 0;
  if (!root && !succeeds('sudo', ['-n', 'true'], 'ignore')) return undefined;
  process.stderr.write('No Chromium found; installing the one of this distribution.\n');
  const apt = (...args: string[]) => {
    const command = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...args];
    const [program = 'env', ...rest] = root ? command : ['sudo', '-n', ...command];
    return succeeds(program, rest, 'inherit');
  };
  // An old package list may still be good enough.
  apt('update');
  if (!apt('install', '-y', '--no-install-recommends', 'chromium')) return undefined;
  return onPath('chromium')[0];
}

/** What a tool has to say goes to standard error, so that standard output is the path alone. */
function succeeds(program: string, args: string[], output: 'ignore' | 'inherit'): boolean {
  const shown = output === 'inherit' ? process.stderr : output;
  return spawnSync(program, args, { stdio: ['ignore', shown, shown] }).status === 0;
}

function onPath(program: string): string[] {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .map(folder => join(folder, program))
    .filter(runs);
}

function runs(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    process.stdout.write(`${findChromium()}\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
