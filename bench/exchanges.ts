import type { Exchange } from './delay-proxy.ts';

type Kind = 'page' | 'script' | 'style' | 'protocol' | 'data';

export type BytesByKind = Readonly<Record<Kind, number>>;

/** Bytes that came down the wire, headers included, as served: the sandbox does not compress. */
export function bytesByKind(exchanges: readonly Exchange[]): BytesByKind {
  const bytes = { page: 0, script: 0, style: 0, protocol: 0, data: 0 };
  for (const { path, down } of exchanges) bytes[kindOf(path)] += down;
  return bytes;
}

function kindOf(path: string): Kind {
  if (path.endsWith('.js')) return 'script';
  if (path.endsWith('.css')) return 'style';
  if (/\.html$|\.png$/.test(path)) return 'page';
  if (/^\/auth\/|\.well-known|\/metadata$|config\.json$/.test(path)) return 'protocol';
  return 'data';
}

/** The longest chain of exchanges that each began when the one before it was over: what distance is multiplied by. */
export function wavesIn(exchanges: readonly Pick<Exchange, 'start' | 'end'>[]): number {
  const waves: { readonly end: number; readonly wave: number }[] = [];
  for (const { start, end } of exchanges.toSorted((a, b) => a.start - b.start)) {
    const before = waves.filter(earlier => earlier.end <= start).map(({ wave }) => wave);
    waves.push({ end, wave: 1 + Math.max(0, ...before) });
  }
  return Math.max(0, ...waves.map(({ wave }) => wave));
}
