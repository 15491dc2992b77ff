import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The app as it is delivered: `npm run build` comes first. */
export function realApp(): string {
  const folder = here('../../dist/web');
  if (!existsSync(join(folder, 'index.html')))
    throw new Error('There is no dist/web: run `npm run build` first.');
  return folder;
}

/** The app with a delivery that is wrong on purpose, built into a folder that is not shipped. */
export function naiveApp(folder: string): string {
  const vite = here('../../node_modules/vite/bin/vite.js');
  const built = spawnSync(
    process.execPath,
    [vite, 'build', '--mode', 'web', '--config', here('naive.config.ts'), '--outDir', folder],
    { encoding: 'utf8' },
  );
  if (built.status !== 0) throw new Error(`The naive build failed:\n${built.stderr}`);
  return folder;
}
