// What is shipped, as it is shipped: both shells in dist/, after `npm run build` (CATALOGUE Q03, Q04).
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';

const root = fileURLToPath(new URL('..', import.meta.url));
const shells = ['web', 'extension'] as const;

describe('Q03 reproducible', () => {
  test.each(shells)(
    '%s: built again elsewhere, it is the same to the last byte',
    shell => {
      const elsewhere = mkdtempSync(join(tmpdir(), 'sideplan-build-'));
      onTestFinished(() => rmSync(elsewhere, { recursive: true, force: true }));
      for (const name of ['src', 'public', 'manifest.json', 'package.json', 'tsconfig.json'])
        cpSync(join(root, name), join(elsewhere, name), { recursive: true });
      cpSync(join(root, 'vite.config.ts'), join(elsewhere, 'vite.config.ts'));
      symlinkSync(join(root, 'node_modules'), join(elsewhere, 'node_modules'), 'junction');
      const { status, stderr } = spawnSync(
        process.execPath,
        [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--mode', shell],
        { cwd: elsewhere, encoding: 'utf8', timeout: 60_000, env: { PATH: process.env['PATH'] } },
      );
      expect(status, stderr).toBe(0);
      const again = digests(join(elsewhere, 'dist', shell));
      expect(Object.keys(again).length).toBeGreaterThan(8);
      expect(again, 'dist/ may be older than src/: npm run build').toEqual(
        digests(join(root, 'dist', shell)),
      );
    },
    90_000,
  );

  test('the bill of materials names every package of the lockfile, with its checksum, and which are shipped', () => {
    const { packages } = Lockfile.parse(read('package-lock.json'));
    const locked = Object.entries(packages).filter(([path]) => path.includes('node_modules/'));
    const { components } = Bill.parse(read('dist/sbom.cdx.json'));
    const listed = components.map(one => ({
      what: `${nameIn(one.purl)}@${one.version}`,
      shipped: !one.properties.some(({ name }) => name === 'cdx:npm:package:development'),
      hashed: one.hashes?.[0]?.alg === 'SHA-512',
    }));
    const expected = locked.map(([path, { version, dev, link, resolved }]) => ({
      what: `${nameOf(path)}@${version ?? packages[resolved ?? '']?.version}`,
      shipped: !dev,
      hashed: !link,
    }));
    expect(sorted(listed)).toEqual(sorted(expected));
  });
});

describe.each(shells)('Q04 bundle-scan, %s:', shell => {
  const scripts = textsOf(shell, /\.js$/);
  const everything = textsOf(shell, /\.(?:js|css|html|json)$/);

  test('no text is run as code', () => {
    expect(
      found(scripts, /(?<![\w.])eval\s*\(|(?<![\w.])Function\s*\(|\bimportScripts\b/g),
    ).toEqual([]);
  });

  test('every address without encryption is a name that is never called, or this machine', () => {
    const called = found(everything, /\b(?:http|ws):(?:\/\/[^\s"'`)\\;]*)?/g).filter(
      ([address]) => !NAMES.some(name => address === name || address.startsWith(`${name}/`)),
    );
    expect(called.filter(([address]) => !LOOPBACK.test(address))).toEqual([]);
  });

  test('the console is for a broken configuration only', () => {
    const spoken = found(scripts, /\bconsole\b.{0,40}/gs).map(([text]) => text);
    expect(spoken.length).toBeGreaterThan(0);
    expect(
      spoken.filter(text => !/^console\.error\(\s*[`"']sideplan\.config\.json[`"']/.test(text)),
    ).toEqual([]);
  });

  test('fhirclient has nothing left that could draw a state', () => {
    // «smart.js» of fhirclient is there, and what it drew a state with when nobody gave it one is not.
    expect(found(scripts, /code_challenge_method=S256/g).length).toBeGreaterThan(0);
    expect(found(scripts, /abcdefghijklmnopqrstuvwxyz0123456789/g)).toEqual([]);
    expect(found(scripts, /charAt\(\s*Math\.floor/g)).toEqual([]);
  });

  test('no source maps, and nothing that points to one', () => {
    expect(filesBelow(join(root, 'dist', shell)).filter(file => file.endsWith('.map'))).toEqual([]);
    expect(found(everything, /sourceMappingURL/g)).toEqual([]);
  });

  test('no script and no style stands in a page itself, where the policy would stop it', () => {
    const pages = textsOf(shell, /\.html$/);
    expect(pages.length).toBeGreaterThan(0);
    expect(found(pages, /<style|<script(?![^>]*\ssrc=)|\son\w+\s*=|\sstyle\s*=/gi)).toEqual([]);
  });

  test('no path of the machine it was built on', () => {
    const paths = ['src', 'node_modules'].map(folder => join(root, folder).split('\\').join('/'));
    const named = everything.filter(([, text]) => paths.some(path => text.includes(`${path}/`)));
    expect(named.map(([path]) => path)).toEqual([]);
  });
});

test('the panel paints its places before the app is read: its page has them written out, and names one small script', () => {
  const folder = join(root, 'dist/extension');
  const page = readFileSync(join(folder, 'index.html'), 'utf8');
  expect(page).toContain('<main class="content">');
  const scripts = filesBelow(folder)
    .filter(file => page.includes(relative(folder, file)) && file.endsWith('.js'))
    .map(file => [relative(folder, file), statSync(file).size] as const);
  expect(scripts.length).toBeGreaterThan(0);
  expect(scripts.filter(([, bytes]) => bytes > 4000)).toEqual([]);
  expect(page).toMatch(/<link rel="stylesheet"/);
});

/** Names of code systems, profiles and XML languages. They look like addresses; nothing is ever asked of them. */
const NAMES = [
  'http://ehelse.no/fhir',
  'http://helsedir.no/fhir',
  'http://hl7.no/fhir',
  'http://hl7.org/fhir',
  'http://loinc.org',
  'http://snomed.info/sct',
  'http://terminology.hl7.org',
  'http://unitsofmeasure.org',
  'http://www.w3.org/1998/Math/MathML',
  'http://www.w3.org/1999/xhtml',
  'http://www.w3.org/2000/svg',
  'http://www.whocc.no/atc',
];

/** The protocol by itself, where the configuration may allow it on loopback; the demo's servers; the panel's policy and hosts. */
const LOOPBACK =
  /^(?:http:|ws:|http:\/\/localhost:8080\/[a-z]+|(?:http|ws):\/\/localhost(?::|\/)\*)$/;

const Lockfile = z.looseObject({
  packages: z.record(
    z.string(),
    z.looseObject({
      version: z.string().optional(),
      resolved: z.string().optional(),
      dev: z.boolean().optional(),
      link: z.boolean().optional(),
    }),
  ),
});

const Bill = z.looseObject({
  bomFormat: z.literal('CycloneDX'),
  components: z.array(
    z.looseObject({
      purl: z.string(),
      version: z.string(),
      properties: z.array(z.looseObject({ name: z.string() })),
      hashes: z.array(z.looseObject({ alg: z.string() })).optional(),
    }),
  ),
});

function read(path: string): unknown {
  return JSON.parse(readFileSync(join(root, path), 'utf8'));
}

/** One line per package and version: the lockfile may hold the same twice, in two folders. */
const sorted = (rows: object[]) => [...new Set(rows.map(row => JSON.stringify(row)))].toSorted();

const nameOf = (path: string) =>
  path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

/** `pkg:npm/%40digdir/designsystemet-css@1.22.0` -> `@digdir/designsystemet-css` */
const nameIn = (purl: string) =>
  decodeURIComponent(purl.slice('pkg:npm/'.length, purl.lastIndexOf('@')));

type Texts = readonly (readonly [path: string, text: string])[];

function textsOf(shell: string, names: RegExp): Texts {
  const folder = join(root, 'dist', shell);
  return filesBelow(folder)
    .filter(file => names.test(file))
    .map(file => [relative(folder, file), readFileSync(file, 'utf8')] as const);
}

/** What was found, and in which file. */
function found(texts: Texts, what: RegExp): readonly (readonly [string, string])[] {
  return texts.flatMap(([path, text]) =>
    [...text.matchAll(what)].map(match => [match[0], path] as const),
  );
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map(name => join(folder, name))
    .filter(file => statSync(file).isFile());
}

function digests(folder: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    filesBelow(folder).map(file => [
      relative(folder, file),
      createHash('sha256').update(readFileSync(file)).digest('hex'),
    ]),
  );
}
