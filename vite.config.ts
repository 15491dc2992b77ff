import { fileURLToPath } from 'node:url';
import { crx } from '@crxjs/vite-plugin';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import manifest from './manifest.json' with { type: 'json' };

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * The scripts of the web app, in the order somebody waits for them: each is what its entries import, and what that
 * imports in turn, as far as it is in none before it. A script less is a request less, and on a slow computer each costs.
 */
const SCRIPTS = [
  // The redirect address, which runs in a hidden frame, and the first questions of a launch: small, and run before the rest.
  { name: 'first', entries: ['redirect.ts', 'first.ts'] },
  // The first view: whom to call.
  { name: 'app', entries: ['main.tsx'] },
  // Fetched beside the login, and needed when the first answers come.
  {
    name: 'beside',
    entries: [
      'critical/safety-view.ts',
      'plan/PlanContent.tsx',
      'record/sources/r4-critical.ts',
      'record/sources/r4-medication.ts',
      'record/critical/critical-merge.ts',
      'record/medicines/medicines-merge.ts',
      'record/plans/plan-copies.ts',
      'record/plans/evaluation-copies.ts',
      'record/same.ts',
    ],
  },
  // Fetched when whom to call has been painted.
  {
    name: 'further',
    entries: [
      'record/sources/r4-further.ts',
      'record/sources/ask-source.ts',
      ...['r4', 'kj', 'planer', 'sfm', 'mhd', 'nilar', 'pmd'].map(
        kind => `record/sources/${kind}.ts`,
      ),
    ],
  },
];
/** Which script each module is in; what is in none comes as the bundler sees fit. */
const scriptOf = new Map<string, string>();
const firstView: Plugin = {
  name: 'first-view',
  buildEnd() {
    scriptOf.clear();
    for (const { name, entries } of SCRIPTS) {
      const waiting = entries.map(entry => here(`src/${entry}`));
      for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
        if (scriptOf.has(id)) continue;
        scriptOf.set(id, name);
        waiting.push(...(this.getModuleInfo(id)?.importedIds ?? []));
      }
    }
  },
  // The hidden frame's script travels beside the launch page's own, so that it costs no round trip of its own later.
  transformIndexHtml: {
    order: 'post',
    handler(_, { bundle, filename }) {
      if (!bundle || !filename.endsWith('launch.html')) return undefined;
      const script = Object.values(bundle).find(
        one => one.type === 'chunk' && one.isEntry && one.name === 'index',
      );
      const attrs = { rel: 'modulepreload', crossorigin: true, href: `./${script?.fileName}` };
      return script && [{ tag: 'link', attrs, injectTo: 'head' as const }];
    },
  },
};

/**
 * What fhirclient is never asked for, and so is told outright that it cannot: frames, windows, messages and history,
 * which are ours; `/metadata` where discovery fails, and a server without a login (SAFETY D3); a login that is made up,
 * and a `state` drawn at random without a CSPRNG (D5); a secret or a key, which a browser does not have; a choice between
 * configurations; an answer that is somewhere else, or of a login before; the age of a token; words for a console, and for errors nobody is
 * shown.
 */
const NEVER_ASKED = {
  lib: [
    [/res\.status == 201/, 'false'],
    [/force \|\| !cache\[url\]/, 'true'],
  ],
  smart: [
    [/(?<!function )\bisBrowser\(\)/g, 'false'],
    [/\.catch\(\(\) => getSecurityExtensionsFromConformanceStatement\([^)]*\)\)/, ''],
    [/!state\.authorizeUri/, 'false'],
    [/fhirServiceUrl && !iss/, 'false'],
    [
      /(?<=if \()(?:fakeTokenResponse|patientId|encounterId|clientSecret|privateKey)(?=\))/g,
      'false',
    ],
    [/Array\.isArray\(params\)/, 'false'],
    [/authError \|\| authErrorDescription/, 'false'],
    [/(?<=stateKey = stateKey) !== null .*randomString\)\(16\)/, ''],
    [/^\s*state\.expiresAt = .*$/m, ''],
    [/"No server url found\.[^)]*/, ''],
    [/^\s*debug\(.*\);$/gm, ''],
    [/^const debug = .*$/m, ''],
    [/(?<=new Error\()(?:"[^"]*"|`[^`]*`)(?=\))/g, ''],
    [/(?<=assert\)\([\w.]+), "(?:[^"\\]|\\.)*"(?=\))/g, ''],
  ],
} as const;

/** fhirclient's own FHIR client is never used (SAFETY D4): in its place stands one that only holds the launch. */
const withoutFhirclientsClient: Plugin = {
  name: 'without-fhirclients-client',
  enforce: 'pre',
  resolveId(id, importer) {
    if (!importer?.includes('fhirclient')) return undefined;
    if (/[\\/]Client$/.test(id)) return here('src/launch/fhirclient-client.ts');
    if (/[\\/]HttpError$/.test(id)) return here('src/launch/fhirclient-http-error.ts');
    return /[\\/]settings$/.test(id) ? here('src/launch/fhirclient-settings.ts') : undefined;
  },
  // Every `state` is ours (SAFETY D5), and so is every word in the console: what of fhirclient's could be
  // otherwise is not shipped.
  transform(code, id) {
    const file = /fhirclient[\\/]lib[\\/](lib|smart)\.js$/.exec(id)?.[1];
    if (file !== 'lib' && file !== 'smart') return undefined;
    return NEVER_ASKED[file].reduce((kept, [what, instead]) => {
      if (!what.test(kept)) this.error(`fhirclient is not written as it was: ${what.source}`);
      return kept.replace(what, instead);
    }, code);
  },
};

/**
 * fhirclient comes as CommonJS, of which nothing can be left out. Written as the modules it was compiled from, only what
 * its two functions need is shipped.
 */
const fhirclientAsModules: Plugin = {
  name: 'fhirclient-as-modules',
  transform(code, id) {
    if (!/fhirclient[\\/]lib[\\/](?:lib|smart)\.js$/.test(id)) return undefined;
    const written = code
      .replace(/^(?:exports\.\w+ = )+void 0;$/m, '')
      .replace(/^Object\.defineProperty\(exports, [\s\S]*?^\}\);$/gm, '')
      .replace(/^const (\w+_1) = require\((".+?")\);$/gm, 'import * as $1 from $2;')
      .replace(/^const (\w+) = require\((".+?")\);$/gm, 'import $1 from $2;')
      .replace(/^const \{\s*(\w+)\s*\} = .* require\((".+?")\);$/gm, 'import { $1 } from $2;')
      .replace(/^exports\.(\w+) = (\w+);$/gm, 'export { $2 as $1 };')
      .replace(/^exports\.(\w+) = /gm, 'export const $1 = ');
    const left = /^.*(?:\bexports\b|\brequire\().*$/m.exec(written);
    return left ? this.error(`fhirclient is not written as it was: ${left[0]}`) : written;
  },
};

/**
 * What Chrome puts into the pages of configured EHRs (src/extension/ehr-pages.ts): one file by a name that never changes,
 * so that what Chrome has registered is still there after an update.
 */
const ehrPageScript: Plugin = {
  name: 'ehr-page-script',
  apply: 'build',
  buildStart() {
    this.emitFile({ type: 'chunk', id: here('src/extension/ehr.ts'), fileName: 'ehr.js' });
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
    fhirclientAsModules,
    firstView,
    ...(mode === 'extension' ? [crx({ manifest }), ehrPageScript] : []),
  ],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  // fhirclient's network and logging go through guards of ours (src/launch/smart.ts says why).
  resolve: {
    alias: {
      'cross-fetch': here('src/launch/fhirclient-fetch.ts'),
      debug: here('src/launch/fhirclient-debug.ts'),
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
              codeSplitting: {
                // The earlier first: each takes along whatever its modules need.
                groups: SCRIPTS.map(({ name }, place) => ({
                  name,
                  test: (id: string) => scriptOf.get(id) === name && id !== here('src/redirect.ts'),
                  priority: SCRIPTS.length - place,
                })),
              },
            },
          },
        }
      : {}),
  },
  test: {
    // By default it leaves one core to a person at the keyboard, and with two that doubles the time.
    maxWorkers: '100%',
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
