// Which configuration is in force (CATALOGUE E12), and which pages the extension stands in.
import { afterEach, describe, expect, test, vi } from 'vitest';
import { attendEhrPages } from '../src/extension/ehr-pages.ts';
import { keepOwnIssuers, onSettings, readPolicy, settings } from '../src/extension/settings.ts';
import { chromeDouble } from './chrome-double.ts';

const issuer = (name: string, ehrOrigins?: string[]) => ({
  iss: `https://${name}.example/fhir`,
  clientId: 'c',
  label: name,
  ...(ehrOrigins ? { ehrOrigins } : {}),
});
const policy = { issuers: [issuer('policy')] };
const packaged = { issuers: [issuer('package')] };

afterEach(() => vi.unstubAllGlobals());

describe('E12 managed-config', () => {
  test('a policy leaves no room for what somebody has put in themselves', async () => {
    const chrome = chromeDouble({ policy, packaged });
    await keepOwnIssuers([issuer('own')]);
    expect(await settings()).toEqual({ from: 'policy', configuration: policy });
    // Also where it was there first, and the policy came later.
    delete chrome.storage.local.held['policy'];
    expect(await settings()).toEqual({ from: 'policy', configuration: policy });
  });

  test('a policy that lists nobody allows nobody', async () => {
    chromeDouble({ policy: { issuers: [] }, packaged });
    await keepOwnIssuers([issuer('own')]);
    expect(await settings()).toEqual({ from: 'policy', configuration: { issuers: [] } });
  });

  test('where no policy speaks, one’s own counts before what came with the package', async () => {
    chromeDouble({ packaged });
    expect((await settings()).from).toBe('package');
    await keepOwnIssuers([issuer('own')]);
    expect(await settings()).toEqual({
      from: 'own',
      configuration: { issuers: [issuer('own')] },
    });
    await keepOwnIssuers([]);
    expect(await settings()).toEqual({ from: 'package', configuration: packaged });
  });
});

test('the policy last seen is there at once, though Chrome has not answered yet', async () => {
  const chrome = chromeDouble({ policy });
  await readPolicy();
  chrome.storage.managed.get = () => new Promise(() => {});
  expect(await settings()).toEqual({ from: 'policy', configuration: policy });
});

test('a browser where nobody has installed a policy goes on without', async () => {
  const chrome = chromeDouble({ packaged });
  chrome.storage.managed.get = () => Promise.reject(new Error('no managed manifest'));
  expect((await settings()).from).toBe('package');
});

test('a policy that changes while Chrome runs is in force from then on', async () => {
  const chrome = chromeDouble({ policy, packaged });
  expect((await settings()).from).toBe('policy');
  const told = vi.fn();
  onSettings(told);
  await chrome.storage.managed.set({ issuers: [issuer('new')] });
  await vi.waitFor(() => expect(told).toHaveBeenCalled());
  expect((await settings()).configuration).toEqual({ issuers: [issuer('new')] });
});

const pages = (chrome: ReturnType<typeof chromeDouble>) =>
  chrome.scripting.scripts.get('ehr')?.matches;

describe('The pages the extension stands in', () => {
  test('are those of configured journals that the browser has let it into, and no others', async () => {
    const origins = ['https://journal.example', 'https://another.example'];
    const chrome = chromeDouble({ policy: { issuers: [issuer('policy', origins)] } });
    await attendEhrPages();
    expect(pages(chrome)).toBeUndefined();
    chrome.permissions.given.add('https://journal.example/*');
    await attendEhrPages();
    expect(pages(chrome)).toEqual(['https://journal.example/*']);
    // A journal that was open before Sideplan was installed is not left out.
    expect(chrome.scripting.executeScript).toHaveBeenCalledWith({
      target: { tabId: 10 },
      files: ['ehr.js'],
    });
  });

  test('are none any more when the permission or the journal is gone', async () => {
    const chrome = chromeDouble({
      policy: { issuers: [issuer('policy', ['https://journal.example'])] },
    });
    chrome.permissions.given.add('https://journal.example/*');
    await attendEhrPages();
    chrome.permissions.given.clear();
    await attendEhrPages();
    expect(pages(chrome)).toBeUndefined();
  });

  test.each([
    'https://*',
    '<all_urls>',
    'https://journal.example/path',
    'http://journal.example',
    '*',
  ])('are never what «%s» might let in', async origin => {
    const chrome = chromeDouble({ policy: { issuers: [issuer('policy', [origin])] } });
    chrome.permissions.contains = () => Promise.resolve(true);
    await attendEhrPages();
    expect(pages(chrome)).toBeUndefined();
  });
});
