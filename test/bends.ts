import fc from 'fast-check';

/** What can be wrong with one node of an answer: gone, something else, twice, endless, markup, without a floor. */
export interface Bend {
  /** Counted through the nodes, from the start again when there are fewer. */
  readonly where: number;
  readonly how: How;
}

type How =
  | { readonly kind: 'gone' | 'twice' | 'in a list, or out of one' | 'long' }
  | { readonly kind: 'other'; readonly value: unknown }
  | { readonly kind: 'deep'; readonly depth: number };

type Holder = Record<string, unknown> | unknown[];

export const MARKUP =
  '<img src=x onerror="alert(1)"><script>alert(2)</script><svg onload=alert(3)>';

const nested = (depth: number): unknown => {
  let value: unknown = { text: 'bunn' };
  for (let level = 0; level < depth; level++) value = level % 2 ? [value] : { extension: value };
  return value;
};

/** Values that turn up where something else was meant. */
const ODD: readonly unknown[] = [
  null,
  '',
  0,
  -1,
  1e308,
  true,
  [],
  {},
  [null],
  [[]],
  { reference: 17 },
  { reference: '#' },
  { reference: 'CarePlan/p1-plan-akutt' },
  'javascript:alert(1)',
  'constructor',
  '__proto__',
  '0001-01-01',
  '2026-13-45',
  '2026-11-31T25:61:00+99:00',
  '\u202Etekst\u200B',
  '\uD800',
  'a\u0000b',
  { toString: 1, valueOf: 1 },
  JSON.parse('{"__proto__":{"status":"active","doNotPerform":true},"constructor":{"prototype":1}}'),
  [{ toString: 'x' }],
];

const how: fc.Arbitrary<How> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<How>({ kind: 'gone' }) },
  { weight: 4, arbitrary: fc.constantFrom(...ODD).map((value): How => ({ kind: 'other', value })) },
  { weight: 1, arbitrary: fc.constant<How>({ kind: 'twice' }) },
  { weight: 1, arbitrary: fc.constant<How>({ kind: 'in a list, or out of one' }) },
  { weight: 1, arbitrary: fc.constant<How>({ kind: 'long' }) },
  { weight: 1, arbitrary: fc.constant<How>({ kind: 'other', value: MARKUP }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(80, 1500).map((depth): How => ({ kind: 'deep', depth })),
  },
);

export const bend: fc.Arbitrary<Bend> = fc.record({ where: fc.nat(), how });

/** Bends one node; false where there is none. */
export function apply({ where, how: change }: Bend, value: unknown): boolean {
  const all = places(value);
  const place = all[where % Math.max(all.length, 1)];
  if (!place) return false;
  const { holder, key } = place;
  const old = (holder as Record<string, unknown>)[key];
  if (change.kind === 'gone' && Array.isArray(holder)) holder.splice(Number(key), 1);
  else if (change.kind === 'gone') Reflect.deleteProperty(holder, key);
  else if (change.kind === 'twice' && Array.isArray(holder))
    holder.splice(Number(key), 0, structuredClone(old));
  // Not by assignment: a key may be called `__proto__`.
  else Object.defineProperty(holder, key, { ...OWN, value: changed(old, change) });
  return true;
}

const OWN = { configurable: true, enumerable: true, writable: true };

function changed(old: unknown, change: How): unknown {
  if (change.kind === 'other') return structuredClone(change.value);
  if (change.kind === 'long') return 'x'.repeat(20_000);
  if (change.kind === 'deep') return nested(change.depth);
  if (change.kind === 'twice') return [old, structuredClone(old)];
  return Array.isArray(old) ? old[0] : [old];
}

/** Every place in a JSON value where something stands, without going down into what a bend has put there. */
function places(value: unknown, depth = 0): { holder: Holder; key: string | number }[] {
  if (typeof value !== 'object' || value === null || depth > 40) return [];
  const holder = value as Holder;
  return Object.keys(holder).flatMap(key => [
    { holder, key },
    ...places((holder as Record<string, unknown>)[key], depth + 1),
  ]);
}

/** The same bends every time, so that a failure can be looked at again; FUZZ_SEED tries others. */
export const seed = Number(process.env['FUZZ_SEED'] ?? 20261121);
