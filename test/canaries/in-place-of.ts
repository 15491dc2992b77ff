import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import { defineConfig, mergeConfig } from 'vitest/config';
import base from '../../vite.config.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The product's own configuration, with one of its modules replaced by a wrong one, which may use the right one. */
export const withWrong = (right: string, wrong: string) =>
  defineConfig(env => mergeConfig(base(env), { plugins: [inPlaceOf(here(right), here(wrong))] }));

const inPlaceOf = (right: string, wrong: string): Plugin => ({
  name: 'in-place-of',
  enforce: 'pre',
  async resolveId(source, importer, options) {
    if (importer === undefined || importer === wrong) return undefined;
    const resolved = await this.resolve(source, importer, { ...options, skipSelf: true });
    return resolved?.id === right ? wrong : undefined;
  },
});
