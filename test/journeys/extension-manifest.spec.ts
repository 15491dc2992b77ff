// E01: the manifest as it is built. Whoever widens what the extension may do has to say so here.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import source from '../../manifest.json' with { type: 'json' };

const dist = (file: string) =>
  readFile(fileURLToPath(new URL(`../../dist/extension/${file}`, import.meta.url)), 'utf8');

test('E01 manifest: the extension may do this, and nothing more', async () => {
  expect(JSON.parse(await dist('manifest.json'))).toEqual({
    manifest_version: 3,
    name: 'Sideplan',
    version: source.version,
    description: source.description,
    key: source.key,
    minimum_chrome_version: '116',
    incognito: 'not_allowed',
    icons: source.icons,
    action: source.action,
    side_panel: { default_path: 'index.html' },
    options_ui: { page: 'options.html', open_in_tab: true },
    storage: { managed_schema: 'managed_schema.json' },
    background: { service_worker: 'service-worker-loader.js', type: 'module' },
    permissions: ['sidePanel', 'identity', 'storage', 'scripting'],
    optional_host_permissions: ['https://*/*', 'http://localhost/*'],
    externally_connectable: { ids: [] },
    content_security_policy: {
      extension_pages: [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self' https: wss: http://localhost:* ws://localhost:*",
        "worker-src 'none'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
      ].join('; '),
    },
  });
});

test('the script that stands in the journal’s pages is one small file that needs no other', async () => {
  const script = await dist('ehr.js');
  expect(script.length).toBeLessThan(1000);
  expect(script).not.toMatch(/\b(?:import|export)\b/);
});
