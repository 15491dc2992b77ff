import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isCode } from './ehr/listen.ts';
import { createSandbox } from './sandbox.ts';

/** `npm start`: the sandbox on this machine, for demo and development. */

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** What the person at the keyboard can put right; everything else is ours and shows its stack. */
class Sentence extends Error {}

async function start() {
  const { fhir, data } = readArguments(process.argv.slice(2));
  const port = readPort('PORT', 8080);
  const appPort = readPort('APP_PORT', port === 0 ? 0 : port + 1);
  // A web app built elsewhere; then nothing is built here.
  const built = process.env['APP_DIR'];
  const appDir = built ?? join(ROOT, 'dist/web');
  if (built === undefined && isOutdated(appDir)) await build();

  const extensionIds = (process.env['EXTENSION_ID'] ?? '').split(/[\s,]+/).filter(Boolean);
  const sandbox = createSandbox({
    port,
    appPort,
    appDir,
    dataPath: data,
    upstreamFhir: fhir,
    extensionIds,
  });
  try {
    await sandbox.listen();
  } catch (error) {
    if (!isCode(error, 'EADDRINUSE') && !isCode(error, 'EACCES')) throw error;
    const taken = error instanceof Error && 'port' in error ? String(error.port) : port;
    throw new Sentence(
      `Port ${taken} is in use. Choose others with PORT and APP_PORT, for example PORT=8090 npm start.`,
    );
  }
  const { resources, problems } = await sandbox.loaded();
  for (const problem of problems) console.error(problem);
  if (data !== undefined && resources === 0) {
    await sandbox.close();
    throw new Sentence(`Nothing in ${data} could be read as FHIR R4 resources.`);
  }

  const end = () => {
    void sandbox.close().then(() => process.exit(0));
  };
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
  console.log(`Sideplan sandbox: ${sandbox.ehrOrigin}/`);
}

function readArguments(args: readonly string[]) {
  try {
    const options = { fhir: { type: 'string' }, data: { type: 'string' } } as const;
    const { fhir, data } = parseArgs({ args: [...args], options, allowPositionals: false }).values;
    if (fhir !== undefined && data !== undefined)
      throw new Error('--fhir and --data exclude each other.');
    if (fhir !== undefined && !/^https?:$/.test(URL.canParse(fhir) ? new URL(fhir).protocol : '')) {
      throw new Error(`--fhir ${fhir} is not an http(s) URL.`);
    }
    if (data !== undefined && !existsSync(data)) throw new Error(`--data ${data} cannot be read.`);
    return { fhir, data };
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : '';
    throw new Sentence(
      `${why?.replace(/\.?$/, '.')} Known arguments: --fhir URL, --data FILE_OR_FOLDER.`,
      {
        cause: error,
      },
    );
  }
}

function readPort(name: string, usual: number): number {
  const text = process.env[name] || String(usual);
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new Sentence(`${name}=${text} is not a port number.`);
}

/** Older than anything the app is built from. The sandbox itself is not part of the app. */
function isOutdated(appDir: string): boolean {
  const index = join(appDir, 'index.html');
  if (!existsSync(index)) return true;
  const sources = ['src', 'public', 'vite.config.ts', 'package-lock.json'].map(name =>
    join(ROOT, name),
  );
  return Math.max(...sources.map(newest)) > statSync(index).mtimeMs;
}

function newest(path: string): number {
  if (!existsSync(path) || path === join(ROOT, 'src/sandbox')) return 0;
  const found = statSync(path);
  if (!found.isDirectory()) return found.mtimeMs;
  return Math.max(0, ...readdirSync(path).map(name => newest(join(path, name))));
}

/** Vite's own file instead of `npx`, which is a `.cmd` on Windows and cannot be started without a shell. */
async function build(): Promise<void> {
  console.error('Building the web app …');
  const vite = join(ROOT, 'node_modules/vite/bin/vite.js');
  const child = spawn(process.execPath, [vite, 'build', '--mode', 'web'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => said.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code === 0) return;
  console.error(Buffer.concat(said).toString());
  throw new Sentence('The web app could not be built; see above.');
}

start().catch((error: unknown) => {
  console.error(error instanceof Sentence ? error.message : error);
  process.exit(1);
});
