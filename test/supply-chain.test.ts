// What source and rules must look like, whoever writes the next line (CATALOGUE Q07, Q08, X11).
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { isRaw } from '../src/fhir/ask.ts';
import { bench } from './bench.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The app's own source: the sandbox, the check of a server and the stub run in Node, never on anybody's screen. */
const source = Object.entries(
  import.meta.glob<string>(
    [
      '../src/**/*.{ts,tsx,cjs,html}',
      '!../src/sandbox/**',
      '!../src/fhir/check-server.ts',
      '!../src/launch/webcrypto-stub/**',
    ],
    { query: '?raw', import: 'default', eager: true },
  ),
);

describe('X11 sinks: nothing in the source', () => {
  test.each([
    ['turns text into markup', /\b(?:inner|outer)HTML\b|insertAdjacentHTML|setHTML|__html|srcdoc/],
    ['parses markup', /DOMParser|parseFromString|createContextualFragment|document\s*\.\s*write/],
    ['runs text as code', /\beval\s*\(|\bFunction\s*\(|\bset(?:Timeout|Interval)\s*\(\s*['"`]/],
    ['opens a script address', /['"`]\s*(?:javascript|vbscript):/i],
    ['makes its own Trusted Types policy', /trustedTypes/],
  ])('%s', (_, sink) => {
    expect(source.length).toBeGreaterThan(80);
    expect(source.filter(([, text]) => sink.test(text)).map(([path]) => path)).toEqual([]);
  });

  test('draws secrets from Math.random, in the modules that keep them', () => {
    const keeping = source.filter(([path]) => /\/(?:launch|fhir|extension|outbox)\//.test(path));
    expect(keeping.length).toBeGreaterThan(30);
    const drawing = keeping.filter(([, text]) => /Math\s*\.\s*random/.test(text));
    expect(drawing.map(([path]) => path)).toEqual([]);
  });

  test('speaks in the console, but for a broken configuration', () => {
    const speaking = source.filter(([, text]) => /\bconsole\s*[.[]/.test(text));
    expect(speaking.map(([path]) => path)).toEqual(['../src/launch/configuration.ts']);
  });
});

describe('Q07 schema-keeps-modifiers', () => {
  const modules = import.meta.glob<Record<string, unknown>>('../src/record/**/*.ts', {
    eager: true,
  });
  const readers = Object.values(modules).flatMap(exports =>
    Object.entries(exports).filter((entry): entry is [string, Reader] => isReader(entry[1])),
  );

  test('whatever modifier a resource carries, at whatever depth, is still there once a schema has read it', async () => {
    const { sandbox } = await bench();
    const resources = resourceTypes.flatMap(type => sandbox.store.all(type)).filter(isRaw);
    const readBy = new Map<string, number>();
    const stripped: string[] = [];
    for (const [name, { shape }] of readers) {
      for (const resource of resources) {
        if (!shape.safeParse(resource).success) continue;
        const marked = withModifiers(resource);
        const parsed = shape.safeParse(marked);
        readBy.set(name, (readBy.get(name) ?? 0) + 1);
        if (modifiersIn(parsed.data) !== modifiersIn(marked))
          stripped.push(`${name}: ${resource['resourceType']}/${resource['id']}`);
      }
    }
    expect(stripped).toEqual([]);
    // Every reader there is has been tried on something it reads.
    expect([...readBy.keys()].toSorted()).toEqual(readers.map(([name]) => name).toSorted());
    expect(readers.length).toBeGreaterThan(2);
  });

  test('no schema that stands where FHIR comes in is of the kind that strips what it does not know', () => {
    const atTheDoor = source.filter(([path]) => /\/src\/(?:fhir|record)\//.test(path));
    expect(atTheDoor.filter(([, text]) => /z\.looseObject\(/.test(text)).length).toBeGreaterThan(8);
    const stripping = /z\s*\.\s*(?:object|strictObject|pick|omit)\s*\(/;
    expect(atTheDoor.filter(([, text]) => stripping.test(text)).map(([path]) => path)).toEqual([]);
  });
});

interface Reader {
  readonly shape: { readonly safeParse: (value: unknown) => { success: boolean; data?: unknown } };
}

const isReader = (value: unknown): value is Reader =>
  isRaw(value) && isRaw(value['shape']) && 'unreadable' in value;

const resourceTypes = [
  'AllergyIntolerance',
  'CarePlan',
  'Condition',
  'DocumentReference',
  'Flag',
  'List',
  'MedicationStatement',
  'Observation',
  'Patient',
];

/** The elements that may turn a meaning round (R4 2.3.1; `doNotPerform`, `comparator`), in every object there is. */
const MODIFIERS = {
  modifierExtension: [{ url: 'urn:example:not', valueBoolean: true }],
  doNotPerform: true,
  comparator: '<',
};

function withModifiers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withModifiers);
  if (!isRaw(value)) return value;
  const inner = Object.entries(value).map(([key, child]) => [key, withModifiers(child)]);
  return { ...Object.fromEntries(inner), ...MODIFIERS };
}

function modifiersIn(value: unknown): number {
  const text = JSON.stringify(value) ?? '';
  return text.match(/"(?:modifierExtension|doNotPerform|comparator)":/g)?.length ?? 0;
}

describe('Q08 type-boundary', () => {
  const unchecked = {
    'any.ts': 'export const read = (body: any) => String(body);',
    'hoped.ts': 'export const read = async (r: Response) => (await r.json()) as { dose: string };',
    'handed-on.ts':
      'export function read(text: string): { dose: string } { return JSON.parse(text); }',
    'looked-into.ts': 'export const read = async (r: Response) => String((await r.json()).dose);',
  };
  const checked = {
    'checked.ts': `import { z } from 'zod/mini';
      const Dose = z.looseObject({ dose: z.string() });
      export const read = async (r: Response) => Dose.parse(await r.json()).dose;`,
  };

  test('the linter refuses what the network gave until somebody has checked it', () => {
    const refused = lint({ ...unchecked, ...checked });
    expect([...refused.keys()].toSorted()).toEqual(Object.keys(unchecked).toSorted());
    for (const rule of refused.values()) expect(rule).toMatch(/no-explicit-any|no-unsafe-/);
  });

  test('no file of the app excuses itself but where the browser itself leaves us no types', () => {
    const excuse =
      /(?:oxlint|eslint)-disable[^\n]*(?:no-unsafe|no-explicit-any)|@ts-(?:ignore|nocheck|expect-error)/;
    const excused = source.filter(([, text]) => excuse.test(text)).map(([path]) => path);
    expect(excused).toEqual(['../src/launch/messenger.ts']);
  });
});

const Report = z.looseObject({
  diagnostics: z.array(z.looseObject({ filename: z.string(), code: z.string() })),
});

/** What our own rules say of these files, put into `src/fhir` of a project of their own: the rule by file. */
function lint(files: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  const project = mkdtempSync(join(tmpdir(), 'sideplan-lint-'));
  onTestFinished(() => rmSync(project, { recursive: true, force: true }));
  symlinkSync(join(root, 'node_modules'), join(project, 'node_modules'), 'junction');
  for (const file of ['.oxlintrc.json', 'tsconfig.json'])
    writeFileSync(join(project, file), readFileSync(join(root, file)));
  mkdirSync(join(project, 'src/fhir'), { recursive: true });
  for (const [name, code] of Object.entries(files))
    writeFileSync(join(project, 'src/fhir', name), code);
  const { stdout } = spawnSync(
    process.execPath,
    // The folder by name: left to itself it would go through node_modules.
    [join(root, 'node_modules/oxlint/bin/oxlint'), '--type-aware', '--format=json', 'src'],
    { cwd: project, encoding: 'utf8', timeout: 20_000 },
  );
  const { diagnostics } = Report.parse(JSON.parse(stdout));
  return new Map(diagnostics.map(({ filename, code }) => [basename(filename), code]));
}
