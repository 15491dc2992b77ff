import { fileURLToPath } from 'node:url';
import { crx } from '@crxjs/vite-plugin';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import manifest from './manifest.json' with { type: 'json' };

/** Comes after the first view: what a stopped launch says, English, and the rooms behind the other tabs. */
const LATER = new RegExp(
  [
    'src/other-rooms',
    'src/plan/Plans',
    'src/medications/',
    'src/critical/(?:CriticalInfo|critical-view)',
    'src/sources/',
    'src/record/(?:sources/r4-medication|medicines)',
    'src/launch/LaunchScreen',
    'src/shell/words/(?:en|en-states|launch-words|nb-launch|en-launch|later|nb-later)\\.ts',
  ].join('|'),
);
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** fhirclient's own FHIR client is never used (SAFETY D4): in its place stands one that only holds the launch. */
const withoutFhirclientsClient: Plugin = {
  name: 'without-fhirclients-client',
  enforce: 'pre',
  resolveId(id, importer) {
    if (!importer?.includes('fhirclient')) return undefined;
    if (/[\\/]Client$/.test(id)) return here('src/launch/fhirclient-client.ts');
    return /[\\/]settings$/.test(id) ? here('src/launch/fhirclient-settings.ts') : undefined;
  },
};

// Two shells of one app: `--mode web` (static files an EHR launches) and `--mode extension` (MV3 side panel).
export default defineConfig(({ mode }) => ({
  root: here(mode === 'test' ? '.' : 'src'),
  // Relative addresses, so that the web app can be served from any folder.
  base: './',
  publicDir: here('public'),
  plugins: [withoutFhirclientsClient, ...(mode === 'extension' ? [crx({ manifest })] : [])],
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
              codeSplitting: { groups: [{ name: 'app', test: (id: string) => !LATER.test(id) }] },
            },
          },
        }
      : {}),
  },
  test: {
    projects: [
      { extends: true, test: { name: 'unit', environment: 'node', include: ['test/*.test.ts'] } },
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
