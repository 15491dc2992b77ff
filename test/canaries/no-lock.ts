// Deliberately wrong, and never part of the product.
import { browserWorld as right, type World } from '../../src/outbox/world.ts';

export * from '../../src/outbox/world.ts';

/** Every tab is told that it alone may send. */
export const browserWorld = (window: Window & typeof globalThis): World => ({
  ...right(window),
  locks: { request: (_name, _options, held) => held() },
});
