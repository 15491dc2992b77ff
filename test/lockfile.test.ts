import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';

const Entry = z.looseObject({
  version: z.string().optional(),
  resolved: z.string().optional(),
  integrity: z.string().optional(),
  link: z.boolean().optional(),
  dev: z.boolean().optional(),
  os: z.array(z.string()).optional(),
  cpu: z.array(z.string()).optional(),
});
const { packages } = z
  .looseObject({ packages: z.record(z.string(), Entry) })
  .parse(JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8')));

const platform =
  /[/-](?:aix|android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|wasm32|win32)\b.*/;

const installed = Object.entries(packages).filter(([path]) => path.includes('node_modules/'));
const fromRegistry = installed.filter(([, entry]) => !entry.link);
const ours = Object.entries(packages).filter(([, entry]) => entry.link);

test('every package from the registry carries its checksum', () => {
  expect(fromRegistry.length).toBeGreaterThan(100);
  expect(
    names(fromRegistry.filter(([, entry]) => !entry.integrity?.startsWith('sha512-'))),
  ).toEqual([]);
});

test('names no host but the public registry, and nothing from git', () => {
  const hosts = fromRegistry.flatMap(([, { resolved }]) =>
    resolved ? [new URL(resolved).origin] : [],
  );
  expect(hosts.filter(host => host !== 'https://registry.npmjs.org')).toEqual([]);
  expect(ours.map(([, { resolved }]) => resolved)).toEqual(['src/launch/webcrypto-stub']);
});

test('what is native has a Mac and a Windows build, so that `npm ci` works there too', () => {
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

test('the running app stands on at most 40 packages', () => {
  expect(installed.filter(([, entry]) => !entry.dev).length).toBeLessThanOrEqual(40);
});

function names(entries: [string, unknown][]): string[] {
  return entries.map(([path]) => path);
}

/** `node_modules/@rolldown/binding-darwin-arm64` -> `@rolldown/binding` */
function familyOf(path: string): string {
  const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
  return name.replace(platform, '');
}
