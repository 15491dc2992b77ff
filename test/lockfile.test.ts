import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';

const Entry = z.looseObject({
  version: z.string().optional(),
  resolved: z.string().optional(),
  integrity: z.string().optional(),
  link: z.boolean().optional(),
  dev: z.boolean().optional(),
  hasInstallScript: z.boolean().optional(),
  os: z.array(z.string()).optional(),
  cpu: z.array(z.string()).optional(),
});
const { packages } = z
  .looseObject({ packages: z.record(z.string(), Entry) })
  .parse(JSON.parse(fileText('package-lock.json')));

const platform =
  /[/-](?:aix|android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|wasm32|win32)\b.*/;

const installed = Object.entries(packages).filter(([path]) => path.includes('node_modules/'));
const fromRegistry = installed.filter(([, entry]) => !entry.link);
const ours = Object.entries(packages).filter(([, entry]) => entry.link);

/** Everything that `npm ci --omit=dev` would install, and who brings it. A new name here is a decision, not an accident. */
const RUNTIME: Readonly<Record<string, readonly string[]>> = {
  'asked for': [
    '@digdir/designsystemet-css',
    '@preact/signals',
    'fhirclient',
    'idb',
    'isomorphic-webcrypto',
    'jose',
    'preact',
    'zod',
  ],
  'by designsystemet': ['@digdir/designsystemet-types'],
  'by signals': ['@preact/signals-core'],
  'by fhirclient': [
    '@types/node',
    'abortcontroller-polyfill',
    'core-js',
    'cross-fetch',
    'debug',
    'js-base64',
    'ms',
    'node-fetch',
    'tr46',
    'undici-types',
    'webidl-conversions',
    'whatwg-url',
  ],
};

test('Q01 lockfile: every package from the registry has one exact version and carries its checksum', () => {
  expect(fromRegistry.length).toBeGreaterThan(100);
  expect(
    names(
      fromRegistry.filter(
        ([, { version, integrity }]) =>
          !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version ?? '') || !integrity?.startsWith('sha512-'),
      ),
    ),
  ).toEqual([]);
});

test('Q01 lockfile: names no host but the public registry, and nothing from git', () => {
  const hosts = fromRegistry.flatMap(([, { resolved }]) =>
    resolved ? [new URL(resolved).origin] : [],
  );
  expect(hosts.filter(host => host !== 'https://registry.npmjs.org')).toEqual([]);
  expect(ours.map(([, { resolved }]) => resolved)).toEqual(['src/launch/webcrypto-stub']);
});

test('Q01 lockfile: what is native has a Mac and a Windows build, so that `npm ci` works there too', () => {
  const native = fromRegistry.filter(
    ([path, entry]) => (entry.os ?? entry.cpu) && !path.endsWith('/fsevents'),
  );
  const runsOn = (os: string, cpu: string) =>
    native
      .filter(([, entry]) => entry.os?.includes(os) && entry.cpu?.includes(cpu))
      .map(([path]) => familyOf(path));
  const families = [...new Set(native.map(([path]) => familyOf(path)))];
  expect(families.length).toBeGreaterThan(5);
  expect(runsOn('darwin', 'arm64').toSorted()).toEqual(families.toSorted());
  expect(runsOn('win32', 'x64').toSorted()).toEqual(families.toSorted());
});

test('Q01 lockfile: no package runs a script of its own when it is installed', () => {
  // The two that would: core-js prints an appeal, and esbuild has its program in a package of its own.
  const wanting = names(fromRegistry.filter(([, entry]) => entry.hasInstallScript)).map(nameOf);
  expect([...new Set(wanting)].toSorted()).toEqual(['core-js', 'esbuild']);
  expect(fileText('.npmrc')).toMatch(/^ignore-scripts=true$/m);
  expect(fileText('.ci/run')).toMatch(/^npm ci --ignore-scripts /m);
});

test('Q02 tree-size: the running app stands on the packages we have agreed to, and on at most 40', () => {
  const running = names(installed.filter(([, entry]) => !entry.dev));
  expect(running.length).toBeLessThanOrEqual(40);
  const agreed = Object.values(RUNTIME).flat().toSorted();
  expect([...new Set(running.map(nameOf))].toSorted()).toEqual(agreed);
});

test.each([
  ['preact', '10.28.2', 'VNode-shaped JSON is executed (CVE-2026-22028)'],
  ['zod', '4.6.7', 'AIKIDO-2026-10707'],
  ['dompurify', '3.4.17', 'IN_PLACE (CVE-2026-109344, -109345, -116803)'],
])(
  'Q06 floors: %s is %s or newer, or not there: older ones have a known hole (%s)',
  (name, floor) => {
    const found = fromRegistry.filter(([path]) => nameOf(path) === name);
    const tooOld = found.filter(([, { version }]) => compare(version ?? '0', floor) < 0);
    expect(tooOld.map(([path, { version }]) => `${path} ${version}`)).toEqual([]);
    // A floor under nothing holds nothing up: the two we build on must be found.
    expect(found.length > 0).toBe(name !== 'dompurify');
  },
);

test("Q06 floors: Vite's development server, with its history of file-reading holes, is shown to nobody else", () => {
  const { scripts } = z
    .looseObject({ scripts: z.record(z.string(), z.string()) })
    .parse(JSON.parse(fileText('package.json')));
  const shown = Object.values(scripts).filter(script => /--host\b/.test(script));
  expect([...shown, ...(fileText('vite.config.ts').match(/\bhost\s*:/g) ?? [])]).toEqual([]);
});

function names(entries: [string, unknown][]): string[] {
  return entries.map(([path]) => path);
}

/** `node_modules/fhirclient/node_modules/jose` -> `jose` */
function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

/** `node_modules/@rolldown/binding-darwin-arm64` -> `@rolldown/binding` */
function familyOf(path: string): string {
  return nameOf(path).replace(platform, '');
}

/** As versions, number by number: 10.9.0 is older than 10.28.2. */
function compare(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}

function fileText(path: string): string {
  return readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
}
