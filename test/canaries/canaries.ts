// `npm run canaries`: the app with one thing wrong on purpose must be caught, each by the test that is there for it
// (CATALOGUE Q10). A delivery that posts carelessly is the fourth, caught by `npm run kill:check`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findChromium } from '../chromium.ts';

interface Canary {
  /** What is wrong with it; `<name>.config.ts` builds it. */
  readonly name: string;
  readonly caughtBy: 'journey' | 'reading';
  readonly file: string;
  readonly test: string;
  /** What that test says when it fails for this very reason. */
  readonly says: RegExp;
}

const CANARIES: readonly Canary[] = [
  {
    name: 'no-lock',
    caughtBy: 'journey',
    file: 'two-tabs.spec.ts',
    test: 'M01 two-tabs',
    says: /how often it was sent[\s\S]*Expected: 1\s+Received: 2/,
  },
  {
    name: 'one-page',
    caughtBy: 'reading',
    file: 'reading-truthfully.test.ts',
    test: 'R02 last-page-allergy',
    says: /expected .* to have a length of 450 but got 200/,
  },
  {
    name: 'init',
    caughtBy: 'journey',
    file: 'two-charts.spec.ts',
    test: 'two charts side by side keep their own patient',
    says: /Expected: ".*\|p1"\s+Received: ".*\|p2"/,
  },
];

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const tool = (path: string) => here(`../../node_modules/${path}`);

interface Ended {
  readonly status: number | null;
  readonly output: string;
}

function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Ended {
  const { status, stdout, stderr } = spawnSync(process.execPath, [tool(program), ...args], {
    cwd: here('../..'),
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0', ...env },
  });
  return { status, output: stdout + stderr };
}

/** On a built app, as the journeys always are. */
function journey({ name, file, test }: Canary, folder: string): Ended {
  const config = here(`${name}.config.ts`);
  const app = join(folder, name);
  const built = run('vite/bin/vite.js', [
    'build',
    '--mode',
    'web',
    '--config',
    config,
    '--outDir',
    app,
  ]);
  if (built.status !== 0) throw new Error(`The ${name} build failed:\n${built.output}`);
  return run(
    '@playwright/test/cli.js',
    [
      'test',
      '--config',
      'test/journeys/playwright.config.ts',
      file,
      '--grep',
      test,
      '--output',
      join(folder, `${name}-results`),
      '--reporter',
      'list',
      '--trace',
      'off',
    ],
    { SIDEPLAN_APP: app },
  );
}

const reading = ({ name, file, test }: Canary): Ended =>
  run('vitest/vitest.mjs', [
    'run',
    '--config',
    here(`${name}.config.ts`),
    '--project',
    'unit',
    `test/${file}`,
    '--testNamePattern',
    test,
    '--reporter',
    'default',
  ]);

process.env['CHROME_BIN'] = findChromium();
const folder = mkdtempSync(join(tmpdir(), 'sideplan-canaries-'));
let missed = 0;
try {
  for (const canary of CANARIES) {
    const started = performance.now();
    const { status, output } =
      canary.caughtBy === 'journey' ? journey(canary, folder) : reading(canary);
    // A test that could not be run has caught nothing, nor has one that fails for another reason.
    const caught = status === 1 && canary.says.test(output);
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    console.log(
      `${canary.name} ${caught ? 'is caught' : 'is NOT caught'} by «${canary.test}», ${seconds} s`,
    );
    if (caught) continue;
    console.log(output);
    missed += 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
process.exitCode = missed > 0 ? 1 : 0;
