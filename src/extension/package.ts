// `npm run package [-- CONFIGURATION]`: what is handed to a store or to a hospital, from dist/extension (docs/deploy.md).
import { createHash } from 'node:crypto';
import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { ehrPages } from './heard.ts';
import { zipped } from './zip.ts';

const Manifest = z.looseObject({
  version: z.string(),
  key: z.string().optional(),
  optional_host_permissions: z.array(z.string()),
  content_security_policy: z.looseObject({ extension_pages: z.string() }),
});
type Manifest = z.output<typeof Manifest>;

const Configuration = z.looseObject({
  issuers: z.array(
    z.looseObject({
      iss: z.url(),
      sources: z.array(z.looseObject({ base: z.url() })).default([]),
    }),
  ),
});

/** Plain http on this very machine is for demonstration, and in no package. */
const isElsewhere = (source: string) => !/^(?:http|ws):\/\/localhost/.test(source);

/**
 * The manifest as it is shipped: nothing on this machine may be reached. With a hospital's own configuration its hosts
 * are asked for when it is installed, and no others later; a policy that installs it by force then asks nobody.
 */
export function shipped<M extends Manifest>(manifest: M, configuration: unknown) {
  const { extension_pages: policy } = manifest.content_security_policy;
  const extension_pages = policy
    .split('; ')
    .map(directive => directive.split(' ').filter(isElsewhere).join(' '))
    .join('; ');
  const { optional_host_permissions: optional, ...rest } = manifest;
  const found = Configuration.parse(configuration);
  const servers = found.issuers
    .flatMap(({ iss, sources }) => [iss, ...sources.map(({ base }) => base)])
    .map(address => `${new URL(address).origin}/*`);
  const hosts = [...new Set([...servers, ...ehrPages(configuration)])];
  return {
    ...rest,
    ...(hosts.length > 0
      ? { host_permissions: hosts }
      : { optional_host_permissions: optional.filter(isElsewhere) }),
    content_security_policy: { extension_pages },
  };
}

/** Without the key: a store gives an id of its own, and refuses a package that brings one. */
export function forStore(manifest: object): object {
  return Object.fromEntries(Object.entries(manifest).filter(([field]) => field !== 'key'));
}

const json = (value: object) => `${JSON.stringify(value, undefined, 2)}\n`;

function main(file: string | undefined) {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const out = join(root, 'dist/package');
  const configuration = Configuration.parse(
    file === undefined ? { issuers: [] } : JSON.parse(readFileSync(file, 'utf8')),
  );
  const built = Manifest.parse(
    JSON.parse(readFileSync(join(root, 'dist/extension/manifest.json'), 'utf8')),
  );
  const manifest = shipped(built, configuration);
  const name = `sideplan-${built.version}`;
  const folder = join(out, name);
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  cpSync(join(root, 'dist/extension'), folder, { recursive: true });
  writeFileSync(join(folder, 'sideplan.config.json'), json(configuration));
  writeFileSync(join(folder, 'manifest.json'), json(manifest));
  const files = filesBelow(folder).map(path => ({
    name: relative(folder, path).split(sep).join('/'),
    content:
      path === join(folder, 'manifest.json')
        ? Buffer.from(json(forStore(manifest)))
        : readFileSync(path),
  }));
  writeFileSync(join(out, `${name}.zip`), zipped(files));
  cpSync(join(root, 'dist/sbom.cdx.json'), join(out, `${name}.cdx.json`));
  const sums = filesBelow(out).map(
    path => `${sha256(path)}  ${relative(out, path).split(sep).join('/')}\n`,
  );
  writeFileSync(join(out, 'SHA256SUMS'), sums.join(''));
  process.stdout.write(`${relative(root, out)}: ${name}.zip, ${name}/, SBOM and SHA256SUMS\n`);
}

const sha256 = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');

/** In one order everywhere, whatever the file system's. */
const filesBelow = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map(path => join(folder, path))
    .filter(path => statSync(path).isFile())
    .toSorted();

if (process.argv[1] === fileURLToPath(import.meta.url)) main(process.argv[2]);
