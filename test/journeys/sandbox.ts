// Every journey has a sandbox of its own (a tenth of a second), and fails on an error nobody expected.
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import { test as base, expect, type Frame, type Page } from '@playwright/test';
import manifest from '../../manifest.json' with { type: 'json' };
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { type Watch, watch } from './watch.ts';

/** Chrome makes the id from the public key: the first 32 hexadecimal digits of its hash, as letters a to p. */
export const builtExtensionId = createHash('sha256')
  .update(Buffer.from(manifest.key, 'base64'))
  .digest('hex')
  .slice(0, 32)
  .replace(/./g, digit => String.fromCodePoint(97 + Number.parseInt(digit, 16)));

interface Fixtures {
  /** Names an error this journey is about; any other error in the console, or uncaught, fails it. */
  expectProblem: (like: RegExp) => void;
  sandbox: Sandbox;
  /** Pages beside the journal's own that may frame Sideplan. */
  framedBy: readonly string[];
  /** For a journey with a browser of its own: its context is watched as every other. */
  watch: Watch;
}

export const test = base.extend<Fixtures>({
  framedBy: [[], { option: true }],
  sandbox: async ({ framedBy }, use) => {
    const sandbox = createSandbox({
      port: 0,
      appPort: 0,
      // Another only where a build that is wrong on purpose must be caught (test/canaries).
      appDir:
        process.env['SIDEPLAN_APP'] ?? fileURLToPath(new URL('../../dist/web', import.meta.url)),
      extensionIds: [builtExtensionId],
      framedBy,
    });
    await sandbox.listen();
    await use(sandbox);
    await sandbox.close();
  },
  watch: async ({ sandbox }, use) => {
    const watched = watch(sandbox);
    await use(watched);
    expect(watched.unexpected()).toEqual([]);
  },
  expectProblem: [
    async ({ context, watch: watched }, use) => {
      await watched.over(context);
      await use(watched.expects);
    },
    { auto: true },
  ],
});

/** The rules that look at colours. */
const COLOURS = ['color-contrast', 'link-in-text-block'];

/**
 * What axe finds wrong, up to WCAG 2.2 AA; of a frame only what is inside it. Contrast by itself where only colours have
 * changed, and by itself because it takes as long as all other rules together.
 */
export async function axe(
  where: Page | Frame,
  what: 'all' | 'contrast' | 'rest' = 'all',
): Promise<string[]> {
  const builder = 'mainFrame' in where ? alone(where) : await within(where);
  if (what === 'contrast') builder.withRules(COLOURS);
  else builder.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']);
  if (what === 'rest') builder.disableRules(COLOURS);
  const { violations } = await builder.analyze();
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target }) => `${id}: ${help}: ${JSON.stringify(target)}`),
  );
}

/** Of what has no frames, axe needs no second page to bring its findings together: half a second less each time. */
const alone = (page: Page) => new AxeBuilder({ page }).setLegacyMode(page.frames().length === 1);

/** For a frame that stands in the page itself, as the sidebar does in the EHR. */
async function within(frame: Frame): Promise<AxeBuilder> {
  const element = await frame.frameElement();
  await element.evaluate((node: Element) => node.setAttribute('data-axe', ''));
  return new AxeBuilder({ page: frame.page() }).include(['[data-axe]', 'html']);
}

export { expect };
