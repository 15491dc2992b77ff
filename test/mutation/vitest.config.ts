import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// The tests that a mutant is held against: those of the mutated modules, quick enough to be run a thousand times. What
// makes a whole sandbox, or tries many orders of events (W29, C10), is not among them.
export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  test: {
    environment: 'node',
    include: [
      'test/outbox-{waiting,rows,items,looking,content,outgoing}.test.ts',
      'test/{sifting,sections,state-view}.test.ts',
    ],
  },
});
