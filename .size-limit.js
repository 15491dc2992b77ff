// The first view: every script and stylesheet that dist/web/launch.html names, its static imports
// included (Vite names those as modulepreload). What loads later does not count.
import { readFileSync } from 'node:fs';

const page = readFileSync(new URL('dist/web/launch.html', import.meta.url), 'utf8');
const path = [...page.matchAll(/(?:src|href)="\.\/([^"]+\.(?:js|css))"/g)].map(
  ([, file]) => `dist/web/${file}`,
);
if (path.length === 0) throw new Error('dist/web/launch.html names no script');

export default [{ name: 'first view', path, gzip: true, limit: '60 kB' }];
