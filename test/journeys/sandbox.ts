// Every journey has a sandbox of its own (a tenth of a second), and fails on an error nobody expected.
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import { test as base, type ConsoleMessage, expect, type Frame, type Page } from '@playwright/test';
import manifest from '../../manifest.json' with { type: 'json' };
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';

/** Chrome makes the id from the public key: the first 32 hexadecimal digits of its hash, as letters a to p. */
const extensionId = createHash('sha256')
  .update(Buffer.from(manifest.key, 'base64'))
  .digest('hex')
  .slice(0, 32)
  .replace(/./g, digit => String.fromCodePoint(97 + Number.parseInt(digit, 16)));

interface Fixtures {
  /** Names an error this journey is about; any other error in the console, or uncaught, fails it. */
  expectProblem: (like: RegExp) => void;
  sandbox: Sandbox;
}

export const test = base.extend<Fixtures>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads what a fixture needs from the pattern
  sandbox: async ({}, use) => {
    const sandbox = createSandbox({
      port: 0,
      appPort: 0,
      appDir: fileURLToPath(new URL('../../dist/web', import.meta.url)),
      extensionIds: [extensionId],
    });
    await sandbox.listen();
    await use(sandbox);
    await sandbox.close();
  },
  expectProblem: [
    async ({ context }, use) => {
      const problems: string[] = [];
      const expected: RegExp[] = [];
      const watch = (message: ConsoleMessage) => {
        if (message.type() !== 'error') return;
        problems.push(`${message.text()} (${message.location().url})`);
      };
      context.on('console', watch);
      context.on('serviceworker', worker => worker.on('console', watch));
      context.on('weberror', error => problems.push(`Uncaught: ${error.error().message}`));
      await context.addInitScript(() => {
        document.addEventListener('securitypolicyviolation', event => {
          // oxlint-disable-next-line no-console -- in the page: this is how it reaches the test
          console.error(`CSP ${event.effectiveDirective} blocks ${event.blockedURI}`);
        });
      });
      await use(like => expected.push(like));
      expect(problems.filter(problem => !expected.some(like => like.test(problem)))).toEqual([]);
    },
    { auto: true },
  ],
});

/** What axe finds wrong, up to WCAG 2.2 AA; of a frame only what is inside it. */
export async function axe(where: Page | Frame): Promise<string[]> {
  const builder = 'mainFrame' in where ? new AxeBuilder({ page: where }) : await within(where);
  const { violations } = await builder
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target }) => `${id}: ${help}: ${JSON.stringify(target)}`),
  );
}

/** For a frame that stands in the page itself, as the sidebar does in the EHR. */
async function within(frame: Frame): Promise<AxeBuilder> {
  const element = await frame.frameElement();
  await element.evaluate((node: Element) => node.setAttribute('data-axe', ''));
  return new AxeBuilder({ page: frame.page() }).include(['[data-axe]', 'html']);
}

export { expect };
