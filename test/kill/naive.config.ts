import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import { defineConfig, mergeConfig } from 'vitest/config';
import base from '../../vite.config.ts';

const naive = fileURLToPath(new URL('naive-deliver.ts', import.meta.url));

const withNaiveDelivery: Plugin = {
  name: 'with-naive-delivery',
  enforce: 'pre',
  resolveId: id => (id.endsWith('outbox/deliver.ts') ? naive : undefined),
};

/** The web app with a delivery that is wrong on purpose, to a folder of its own (`--outDir`). */
export default defineConfig(env => mergeConfig(base(env), { plugins: [withNaiveDelivery] }));
