// The gallery is for whoever works on Sideplan: it is served or built by itself, and never into dist/.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here('.'),
  base: './',
  publicDir: false,
  logLevel: 'warn',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: here('../../test-results/gallery'),
    emptyOutDir: true,
    target: 'chrome116',
  },
});
