import { fileURLToPath } from 'node:url';
import { crx } from '@crxjs/vite-plugin';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import manifest from './manifest.json' with { type: 'json' };

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * The first view is one script: what `main.tsx` imports, and what that imports in turn. What is imported with
 * `import()` comes later, in scripts of its own, and so does what only such a script needs.
 */
const first = new Set<string>();
const firstView: Plugin = {
  name: 'first-view',
  buildEnd() {
    const waiting = [here('src/main.tsx')];
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      if (first.has(id)) continue;
      first.add(id);
      waiting.push(...(this.getModuleInfo(id)?.importedIds ?? []));
    }
  },
};

/** fhirclient's own FHIR client is never used (SAFETY D4): in its place stands one that only holds the launch. */
const withoutFhirclientsClient: Plugin = {
  name: 'without-fhirclients-client',
  enforce: 'pre',
  resolveId(id, importer) {
    if (!importer?.includes('fhirclient')) return undefined;
    if (/[\\/]Client$/.test(id)) return here('src/launch/fhirclient-client.ts');
    return /[\\/]settings$/.test(id) ? here('src/launch/fhirclient-settings.ts') : undefined;
  },
  // Every `state` is ours (SAFETY D5), and so is every word in the console: what of fhirclient's could be
  // otherwise is not shipped.
  transform(code, id) {
    if (/fhirclient[\\/]lib[\\/]lib\.js$/.test(id))
      return code.replace(
        'Math.random()',
        'crypto.getRandomValues(new Uint32Array(1))[0] / 2 ** 32',
      );
    if (/fhirclient[\\/]lib[\\/]smart\.js$/.test(id))
      return code.replace('console.warn(', 'void (');
    return undefined;
  },
};

// Two shells of one app: `--mode web` (static files an EHR launches) and `--mode extension` (MV3 side panel).
export default defineConfig(({ mode }) => ({
  root: here(mode === 'test' ? '.' : 'src'),
  // Relative addresses, so that the web app can be served from any folder.
  base: './',
  publicDir: here('public'),
  plugins: [
    withoutFhirclientsClient,
    firstView,
    ...(mode === 'extension' ? [crx({ manifest })] : []),
  ],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  // fhirclient's network and logging go through guards of ours (src/launch/smart.ts says why).
  resolve: {
    alias: {
      'cross-fetch': here('src/launch/fhirclient-fetch.ts'),
      debug: here('src/launch/fhirclient-debug.cjs'),
    },
  },
  build: {
    outDir: here(`dist/${mode}`),
    emptyOutDir: true,
    target: 'chrome116',
    sourcemap: false,
    modulePreload: { polyfill: false },
    // `style-src 'self'` and `font-src 'self'`: nothing travels inside the CSS.
    assetsInlineLimit: 0,
    // The extension's pages are those its manifest names.
    ...(mode === 'web'
      ? {
          rolldownOptions: {
            input: [here('src/index.html'), here('src/launch.html')],
            output: {
              codeSplitting: { groups: [{ name: 'app', test: (id: string) => first.has(id) }] },
            },
          },
        }
      : {}),
  },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          environment: 'node',
          include: ['test/*.test.ts'],
          exclude: ['test/bundle.test.ts'],
        },
      },
      // Looks at what `npm run build` made, so it comes after it.
      { extends: true, test: { name: 'bundle', include: ['test/bundle.test.ts'] } },
      {
        extends: true,
        // Globals: with them Testing Library clears the screen after each test.
        test: {
          name: 'component',
          environment: 'happy-dom',
          include: ['test/*.test.tsx'],
          globals: true,
        },
      },
    ],
  },
}));
