import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { crx } from '@crxjs/vite-plugin';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import manifest from './manifest.json' with { type: 'json' };

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Fetched beside the login, and needed when the first answers come. */
const BESIDE = {
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
};
/** Fetched when whom to call has been painted. */
const FURTHER = {
  name: 'further',
  entries: [
    'record/sources/r4-further.ts',
    'record/sources/ask-source.ts',
    ...['r4', 'kj', 'planer', 'sfm', 'mhd', 'nilar', 'pmd'].map(
      kind => `record/sources/${kind}.ts`,
    ),
  ],
};
/**
 * The scripts of each shell, in the order somebody waits for them: each is what its entries import, and what that
 * imports in turn, as far as it is in none before it. A script less is a request less, and on a slow computer each costs.
 */
const SCRIPTS: Readonly<Record<string, readonly { name: string; entries: readonly string[] }[]>> = {
  web: [
    // What is run first on either page: it asks the first questions of a launch, or only brings an answer home, and fetches the rest.
    { name: 'first', entries: ['first.ts'] },
    // The first view: whom to call.
    { name: 'app', entries: ['main.tsx'] },
    BESIDE,
    FURTHER,
  ],
  extension: [
    // What is needed to paint the places, and to ask for the rest.
    { name: 'first', entries: ['opening.ts', 'shell/style.css'] },
    // What the worker and the settings have in common with the panel: neither of them may run the panel.
    { name: 'worker', entries: ['extension/worker.ts'] },
    { name: 'settings', entries: ['options.tsx'] },
    { name: 'app', entries: ['main.tsx', 'panel.ts'] },
    BESIDE,
    FURTHER,
  ],
};
/** What is run by being there is in a script of its own, or whoever needs something else in that script would run it. */
const ALONE = new Set(
  ['opening.ts', 'options.tsx', 'options/options.css', 'extension/worker.ts'].map(entry =>
    here(`src/${entry}`),
  ),
);
/** Which script each module is in; what is in none comes as the bundler sees fit. */
const scriptOf = new Map<string, string>();
const firstView = (mode: string): Plugin => ({
  name: 'first-view',
  buildEnd() {
    scriptOf.clear();
    for (const { name, entries } of SCRIPTS[mode] ?? []) {
      const waiting = entries.map(entry => here(`src/${entry}`));
      for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
        if (scriptOf.has(id)) continue;
        scriptOf.set(id, name);
        waiting.push(...(this.getModuleInfo(id)?.importedIds ?? []));
      }
    }
  },
  // What the first script fetches travels beside it.
  transformIndexHtml: {
    order: 'post',
    handler(html, { bundle, filename }) {
      const app = Object.values(bundle ?? {}).find(
        one => one.type === 'chunk' && one.name === 'app',
      );
      if (app?.type !== 'chunk' || !filename.endsWith('launch.html')) return undefined;
      const scripts = [app.fileName, ...app.imports].filter(file => !html.includes(file));
      return [
        ...[...(app.viteMetadata?.importedCss ?? [])].map(file => ['stylesheet', file]),
        ...scripts.map(file => ['modulepreload', file]),
      ].map(([rel, file]) => ({
        tag: 'link',
        attrs: { rel, crossorigin: true, href: `./${file}` },
        injectTo: 'head' as const,
      }));
    },
  },
});

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

/** What of Vite's loader is for browsers older than ours, for a policy with a nonce, and for an event nobody listens to. */
const NEVER_LOADED = [
  [/(?<=scriptRel = )[\s\S]*?(?=;const assetsURL)/, '"modulepreload"'],
  [/const cspNonceMeta = [\s\S]*?(?=function importMetaResolve)/, ''],
  [/if \(cspNonce\) .*;/, ''],
  [/function importMetaResolve[\s\S]*?(?=promise = )/, ''],
  [/allSettled\(/, 'Promise.allSettled('],
  [/importMetaResolve\(/, 'new URL('],
  [/if \(!isCss\) .*;/, ''],
  [/function handlePreloadError[\s\S]*?(?=return promise)/, ''],
  [/handlePreloadError\(item\.reason\)/, 'throw item.reason'],
  [/\.catch\(handlePreloadError\)/, ''],
] as const;

/** What is not as it was when it was looked at is not replaced in silence. */
function without(
  code: string,
  parts: readonly (readonly [RegExp, string])[],
  refuse: (why: string) => never,
): string {
  return parts.reduce((kept, [what, instead]) => {
    if (!what.test(kept)) refuse(`not written as it was: ${what.source}`);
    return kept.replace(what, instead);
  }, code);
}

const modernLoader: Plugin = {
  name: 'modern-loader',
  apply: 'build',
  transform(code, id) {
    if (!id.endsWith('vite/preload-helper.js')) return undefined;
    return without(code, NEVER_LOADED, why => this.error(`Vite’s loader is ${why}`));
  },
};

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
    return without(code, NEVER_ASKED[file], why => this.error(`fhirclient is ${why}`));
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

/**
 * The panel's page is the one an EHR opens, with a beginning of its own. Chrome has to be asked for its configuration, and
 * nobody's answer comes home through it: Chrome's own window sees to that.
 */
const panelPage: Plugin = {
  name: 'panel-page',
  transformIndexHtml: {
    order: 'pre',
    handler: (_, { path }) =>
      path === '/index.html'
        ? readFileSync(here('src/launch.html'), 'utf8')
            .replace(/<link rel="preload".*>/, '<link rel="stylesheet" href="./shell/style.css" />')
            .replace('async src="./first.ts"', 'src="./opening.ts"')
        : undefined,
  },
};

// Two shells of one app: `--mode web` (static files an EHR launches) and `--mode extension` (MV3 side panel).
export default defineConfig(({ mode }) => ({
  root: here(mode === 'test' ? '.' : 'src'),
  // Relative addresses, so that the web app can be served from any folder.
  base: './',
  publicDir: here('public'),
  plugins: [
    modernLoader,
    withoutFhirclientsClient,
    fhirclientAsModules,
    firstView(mode),
    ...(mode === 'extension' ? [panelPage, crx({ manifest }), ehrPageScript] : []),
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
    rolldownOptions: {
      ...(mode === 'web' ? { input: [here('src/index.html'), here('src/launch.html')] } : {}),
      output: {
        codeSplitting: {
          // The earlier first: each takes along whatever its modules need.
          groups: (SCRIPTS[mode] ?? []).map(({ name }, place, { length }) => ({
            name,
            test: (id: string) => scriptOf.get(id) === name && !ALONE.has(id),
            priority: length - place,
          })),
        },
      },
    },
  },
  test: {
    // By default it leaves one core to a person at the keyboard, and with two that doubles the time.
    maxWorkers: '100%',
    // Nothing is asserted about time: these only end what hangs, also on a machine with other things to do.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          environment: 'node',
          include: ['test/*.test.ts'],
          exclude: ['test/bundle.test.ts'],
          // Reading all modules anew for each file takes longer than the tests. They keep nothing between two files that
          // another would see: `--sequence.shuffle` of files and tests finds the same.
          isolate: false,
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
