// `npm test`: every check in turn, all of them even after a failure, and one closing line.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

interface Tally {
  passed: number;
  failed: string[];
  skipped: string[];
}

/** How a check ended: its exit code, or the signal that ended it, or why it could not be started. */
interface Ending {
  ended: number | string;
  /** The end of all it said, where every runner says what failed and why. */
  lastWords: string;
}

/** A script of package.json; one with a `runner` reports each of its tests, any other counts as one. */
interface Check {
  script: string;
  runner?: 'vitest' | 'playwright';
}

const LAST_CHARACTERS = 4_000;

const checks: Check[] = [
  { script: 'types' },
  { script: 'lint' },
  { script: 'format' },
  { script: 'dead' },
  { script: 'direction' },
  { script: 'unit', runner: 'vitest' },
  { script: 'component', runner: 'vitest' },
  { script: 'build' },
  { script: 'bundle', runner: 'vitest' },
  { script: 'size' },
  { script: 'journeys', runner: 'playwright' },
];

async function run({ script, runner }: Check): Promise<Tally> {
  console.log(`\n── ${script}`);
  const started = performance.now();
  const report = join(reports, `${script}.json`);
  const { ended, lastWords } = await npm(
    ['run', '--silent', script, ...reporting(runner, report)],
    report,
  );
  const tally = runner ? readReport(runner, report) : { passed: 0, failed: [], skipped: [] };
  if (ended !== 0 && tally.failed.length === 0) tally.failed.push(`ended with ${ended}`);
  if (!runner && ended === 0) tally.passed = 1;
  if (tally.failed.length > 0) ends.set(script, lastWords);
  const outcome = tally.failed.length > 0 ? 'failed' : 'passed';
  console.log(`── ${script} ${outcome}, ${((performance.now() - started) / 1000).toFixed(1)} s`);
  return tally;
}

function reporting(runner: Check['runner'], report: string): string[] {
  switch (runner) {
    case 'vitest':
      return ['--', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    case 'playwright': // told the file by an environment variable, see npm()
      return ['--', '--reporter=list,json'];
    default:
      return [];
  }
}

function npm(args: string[], report: string): Promise<Ending> {
  // npm names its own script to what it runs; without that (`npx tsx test/run.ts`) the shell finds it.
  const script = process.env['npm_execpath'];
  const child = spawn(script ? process.execPath : 'npm', script ? [script, ...args] : args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: !script && process.platform === 'win32',
    env: {
      ...process.env,
      PLAYWRIGHT_JSON_OUTPUT_FILE: report,
      ...(process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}),
    },
  });
  let lastWords = '';
  for (const [from, to] of [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ] as const) {
    from.setEncoding('utf8').on('data', (said: string) => {
      to.write(said);
      lastWords = (lastWords + said).slice(-LAST_CHARACTERS);
    });
  }
  return new Promise(resolve => {
    child.on('error', error => resolve({ ended: error.message, lastWords }));
    child.on('close', (code, signal) =>
      resolve({ ended: code ?? signal ?? 'no exit code', lastWords }),
    );
  });
}

function readReport(runner: 'vitest' | 'playwright', file: string): Tally {
  try {
    const json: unknown = JSON.parse(readFileSync(file, 'utf8'));
    const tally = runner === 'vitest' ? readVitest(json) : readPlaywright(json);
    const count = tally.passed + tally.failed.length + tally.skipped.length;
    if (count === 0) tally.failed.push('no tests were found');
    return tally;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { passed: 0, failed: [`the runner left no report (${why})`], skipped: [] };
  }
}

const Vitest = z.looseObject({
  testResults: z.array(
    z.looseObject({
      name: z.string(),
      status: z.string(),
      message: z.string(),
      assertionResults: z.array(
        z.looseObject({
          fullName: z.string(),
          status: z.string(),
          meta: z.looseObject({ reason: z.string().optional() }),
        }),
      ),
    }),
  ),
});

function readVitest(json: unknown): Tally {
  const tally: Tally = { passed: 0, failed: [], skipped: [] };
  for (const file of Vitest.parse(json).testResults) {
    const failedBefore = tally.failed.length;
    for (const { fullName, status, meta } of file.assertionResults) {
      if (status === 'passed') tally.passed += 1;
      else if (status === 'skipped' || status === 'todo') {
        tally.skipped.push(`${fullName} (${meta.reason ?? status})`);
      } else tally.failed.push(fullName);
    }
    // A file that could not be loaded, or whose tidying-up failed, has no failing test to show for it.
    if (file.status === 'failed' && tally.failed.length === failedBefore) {
      tally.failed.push(`${file.name}: ${file.message}`);
    }
  }
  return tally;
}

const Spec = z.looseObject({
  title: z.string(),
  file: z.string(),
  tests: z.array(
    z.looseObject({
      status: z.enum(['expected', 'unexpected', 'flaky', 'skipped']),
      annotations: z.array(z.looseObject({ type: z.string(), description: z.string().optional() })),
    }),
  ),
});
const Suite = z.looseObject({
  specs: z.array(Spec),
  get suites() {
    return z.array(Suite).optional();
  },
});
const Playwright = z.looseObject({
  suites: z.array(Suite),
  errors: z.array(z.looseObject({ message: z.string().optional() })),
});

function readPlaywright(json: unknown): Tally {
  const { suites, errors } = Playwright.parse(json);
  const tally: Tally = {
    passed: 0,
    failed: errors.map(error => error.message ?? 'an error outside any test'),
    skipped: [],
  };
  for (const { title, file, tests } of suites.flatMap(specsOf)) {
    const name = `${file} ${title}`;
    for (const { status, annotations } of tests) {
      const skip = annotations.find(({ type }) => type === 'skip' || type === 'fixme');
      if (status === 'expected') tally.passed += 1;
      else if (status === 'skipped' && skip) {
        tally.skipped.push(`${name} (${skip.description ?? 'no reason given'})`);
      } else if (status === 'skipped') tally.failed.push(`${name} (did not run)`);
      else tally.failed.push(name);
    }
  }
  return tally;
}

function specsOf(suite: z.infer<typeof Suite>): z.infer<typeof Spec>[] {
  return [...suite.specs, ...(suite.suites ?? []).flatMap(specsOf)];
}

const reports = mkdtempSync(join(tmpdir(), 'sideplan-test-'));
const ends = new Map<string, string>();
const total: Tally = { passed: 0, failed: [], skipped: [] };
for (const check of checks) {
  const { passed, failed, skipped } = await run(check);
  total.passed += passed;
  total.failed.push(...failed.map(name => `${check.script}: ${name}`));
  total.skipped.push(...skipped.map(name => `${check.script}: ${name}`));
}
rmSync(reports, { recursive: true, force: true });

// Said again here: of a long log, the end is what is looked at, and sometimes all that is kept.
for (const [script, said] of ends) console.log(`\n── the end of ${script}\n${said}`);
console.log();
for (const name of total.failed) console.log(`failed   ${name}`);
for (const name of total.skipped) console.log(`skipped  ${name}`);
const closing = [`${total.passed} passed`, `${total.failed.length} failed`];
if (total.skipped.length > 0) closing.push(`${total.skipped.length} skipped`);
console.log(closing.join(', '));
process.exitCode = total.failed.length > 0 ? 1 : 0;
