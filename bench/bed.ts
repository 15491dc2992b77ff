import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { createSandbox, type Sandbox } from '../src/sandbox/sandbox.ts';
import { type DelayProxy, delayProxy, type Wire } from './delay-proxy.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The two pages that are compared, each in front of a sandbox of its own. */
export type Side = 'sideplan' | 'floor';

export interface Bed {
  readonly sandboxes: Readonly<Record<Side, Sandbox>>;
  readonly wire: Wire;
  /** For Chromium's `--host-resolver-rules`: the way to every port goes through a proxy, and nowhere else. */
  readonly resolverRules: string;
  readonly close: () => Promise<void>;
}

/** Builds both pages anew, in a folder of this run, so that nobody's `dist` is measured while it changes. */
export async function makeBed(): Promise<Bed> {
  const folder = await mkdtemp(join(tmpdir(), 'sideplan-bench-'));
  const wire: Wire = { rttMs: 0, exchanges: [], open: new Set() };
  const proxies: DelayProxy[] = [];
  const rules: string[] = [];
  const stand = async (side: Side) => {
    const appDir = join(folder, side);
    await (side === 'sideplan' ? buildSideplan(appDir, 'web') : buildFloor(appDir));
    const sandbox = createSandbox({ port: 0, appPort: 0, appDir });
    await sandbox.listen();
    for (const origin of [sandbox.ehrOrigin, sandbox.appOrigin]) {
      const { host, port } = new URL(origin);
      const proxy = await delayProxy(wire, Number(port));
      proxies.push(proxy);
      rules.push(`MAP ${host} 127.0.0.1:${proxy.port}`);
    }
    return sandbox;
  };
  const sandboxes = { sideplan: await stand('sideplan'), floor: await stand('floor') };
  return {
    sandboxes,
    wire,
    resolverRules: [...rules, 'MAP * ~NOTFOUND'].join(', '),
    async close() {
      await Promise.all(proxies.map(proxy => proxy.close()));
      await Promise.all(Object.values(sandboxes).map(sandbox => sandbox.close()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Sideplan as it is now, in one of its shells. */
export async function buildSideplan(outDir: string, mode: 'web' | 'extension'): Promise<void> {
  await build({
    configFile: here('../vite.config.ts'),
    mode,
    logLevel: 'warn',
    build: { outDir, emptyOutDir: true },
  });
}

async function buildFloor(outDir: string): Promise<void> {
  await build({
    configFile: false,
    root: here('floor'),
    base: './',
    logLevel: 'warn',
    build: {
      outDir,
      emptyOutDir: true,
      target: 'chrome116',
      modulePreload: { polyfill: false },
      rolldownOptions: { input: [here('floor/launch.html'), here('floor/index.html')] },
    },
  });
}
