import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSandbox, type Sandbox } from '../src/sandbox/sandbox.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = createSandbox({ port: 0, appPort: 0, appDir: 'dist/web' });
  await sandbox.listen();
});
afterAll(() => sandbox.close());

const script = fileURLToPath(new URL('../src/fhir/check-server.ts', import.meta.url));

async function check(...args: readonly string[]) {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--import',
      'tsx',
      script,
      ...args,
    ]);
    return { code: 0, said: stdout };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, said: stdout + stderr };
  }
}

test('the demo server offers everything the main job needs', async () => {
  const { code, said } = await check(sandbox.fhirBase);
  expect(code).toBe(0);
  expect(said).toMatch(/^yes {2}PKCE S256/m);
  expect(said).toMatch(/^yes {2}CarePlan /m);
  expect(said).toContain('The main job can work here.');
});

test('a server that is not there fails, and says what is missing', async () => {
  const { code, said } = await check(`${sandbox.ehrOrigin}/nothing-here`);
  expect(code).toBe(1);
  expect(said).toMatch(/^NO {3}SMART discovery/m);
  expect(said).toContain('The main job cannot work here: SMART discovery');
});

test('without an address it says how it is used', async () => {
  const { code, said } = await check();
  expect(code).toBe(1);
  expect(said).toContain('npm run check:server -- https://server.example/fhir');
});
