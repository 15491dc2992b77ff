import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** One HTTP exchange as it passed, seen from the browser's end of the wire. */
export interface Exchange {
  readonly method: string;
  /** Without its query: no token and no code is kept. */
  readonly path: string;
  /** `performance.now()` of this process: when the request left the browser, and when its last byte was back. */
  readonly start: number;
  end: number;
  up: number;
  down: number;
}

export interface DelayProxy {
  readonly port: number;
  readonly close: () => Promise<void>;
}

/** How far away the server is, and what has been said since somebody last looked. Shared by all proxies of a bench. */
export interface Wire {
  rttMs: number;
  exchanges: Exchange[];
  /** Every connection, from both ends. */
  readonly open: Set<Socket>;
}

/** No server keeps a connection for the minutes between two patients: the next launch opens its own. */
export function hangUp({ open }: Wire): void {
  for (const socket of open) socket.destroy();
}

/**
 * A stretch of cable in front of a local port: each direction takes half of `rttMs`, and opening a connection takes one
 * `rttMs`, as the TCP handshake would. It delays bytes, not requests, so whoever sends them (page, frame, worker)
 * is delayed alike. Bandwidth, TLS and slow start are not imitated.
 */
export async function delayProxy(wire: Wire, target: number): Promise<DelayProxy> {
  const server = createServer({ noDelay: true }, browser => {
    const opened = performance.now();
    const upstream = connect({ port: target, host: '127.0.0.1', noDelay: true });
    const log = logOf(wire);
    for (const socket of [browser, upstream]) {
      wire.open.add(socket);
      socket.on('close', () => {
        wire.open.delete(socket);
        browser.destroy();
        upstream.destroy();
      });
      // A browser that goes away, and a server that is closed, end in `close` as well.
      socket.on('error', () => undefined);
    }
    const up = later(
      upstream,
      () => Math.max(0, opened + wire.rttMs - performance.now()) + wire.rttMs / 2,
    );
    const down = later(browser, () => wire.rttMs / 2);
    browser.on('data', bytes => {
      log.sent(bytes);
      up(() => upstream.write(bytes));
    });
    upstream.on('data', bytes => {
      down(() => {
        log.heard(bytes);
        browser.write(bytes);
      });
    });
    browser.on('end', () => up(() => upstream.end()));
    upstream.on('end', () => down(() => browser.end()));
  });
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address() as AddressInfo;
  return {
    port: address.port,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        hangUp(wire);
      }),
  };
}

/** Does one thing after another, each when its delay has passed, never overtaking what came before it. */
function later(socket: Socket, delayMs: () => number): (act: () => void) => void {
  const waiting: { readonly due: number; readonly act: () => void }[] = [];
  const turn = () => {
    const now = performance.now();
    // A timer may be some hundredths of a millisecond early.
    while (waiting[0] && waiting[0].due - now < 0.5) {
      const next = waiting.shift();
      if (!socket.destroyed) next?.act();
    }
    if (waiting[0]) setTimeout(turn, waiting[0].due - performance.now());
  };
  return act => {
    const wait = delayMs();
    if (wait <= 0 && waiting.length === 0) return act();
    const first = waiting.length === 0;
    waiting.push({ due: performance.now() + wait, act });
    if (first) setTimeout(turn, wait);
  };
}

/** HTTP/1.1 without pipelining: a request begins a chunk of its own, and whatever comes back until the next is its answer. */
function logOf(wire: Wire) {
  let current: Exchange | undefined;
  return {
    sent(bytes: Buffer) {
      const found = /^([A-Z]+) ([^ ?]+)[^ ]* HTTP\/1\.1\r\n/.exec(
        bytes.toString('latin1', 0, 8192),
      );
      if (found) {
        const [, method = '', path = ''] = found;
        const start = performance.now();
        current = { method, path, start, end: start, up: 0, down: 0 };
        wire.exchanges.push(current);
      }
      if (current) current.up += bytes.length;
    },
    heard(bytes: Buffer) {
      if (!current) return;
      current.down += bytes.length;
      current.end = performance.now();
      // A WebSocket lives on after its answer, and what it says is nobody's answer.
      if (bytes.toString('latin1', 0, 12) === 'HTTP/1.1 101') current = undefined;
    },
  };
}
