import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readConfiguration } from '../src/launch/configuration.ts';
import { LaunchStopped } from '../src/launch/failure.ts';

const issuer = { iss: 'https://ehr.example/fhir', clientId: 'sideplan', label: 'Journalen' };
const source = { kind: 'kj', base: 'https://kj.example/fhir', label: 'Kjernejournal' };

/** Reads what a hospital might have put beside the page. */
const read = (configuration: unknown) =>
  readConfiguration(() => Promise.resolve(Response.json(configuration)), 'https://app.example/');

/** What the screen and the console name as wrong. */
async function problemsOf(configuration: unknown): Promise<readonly string[]> {
  const stopped: unknown = await read(configuration).catch((error: unknown) => error);
  if (!(stopped instanceof LaunchStopped)) throw new Error('The configuration was accepted');
  const { failure } = stopped;
  return failure.kind === 'configuration-wrong' ? failure.problems : [failure.kind];
}

describe('The configuration beside the page', () => {
  beforeEach(() => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  test.each([10, 0.5])('the screen may be set to lock after %s minutes', async idleMinutes => {
    expect((await read({ issuers: [issuer], idleMinutes })).idleMinutes).toBe(idleMinutes);
  });

  test.each([10.5, 11, 600, 0, -5])(
    'a screen that would lock after %s minutes is refused by name',
    async idleMinutes => {
      const problems = await problemsOf({ issuers: [issuer], idleMinutes });
      expect(problems).toEqual([expect.stringContaining('idleMinutes')]);
    },
  );

  test('a read copy may be shown for one hour up to a day, in whole hours; anything else is refused by name', async () => {
    for (const offlineCopyHours of [1, 24])
      expect((await read({ issuers: [issuer], offlineCopyHours })).offlineCopyHours).toBe(
        offlineCopyHours,
      );
    for (const offlineCopyHours of [0, 25, -1, 1.5, '4', true]) {
      const problems = await problemsOf({ issuers: [issuer], offlineCopyHours });
      expect(problems).toEqual([expect.stringContaining('offlineCopyHours')]);
    }
  });

  test('a misspelt key is named, not ignored', async () => {
    expect(await problemsOf({ issuers: [{ ...issuer, clientID: 'x' }] })).toEqual([
      'issuers.0.clientID: not a key Sideplan knows',
    ]);
  });

  test('two sources may not share a name, nor take the journal’s', async () => {
    expect(await problemsOf({ issuers: [{ ...issuer, sources: [source, source] }] })).toEqual([
      'issuers.0.sources.1.label: used twice',
    ]);
    const named = { ...source, label: 'Journalen' };
    expect(await problemsOf({ issuers: [{ ...issuer, sources: [named] }] })).toEqual([
      'issuers.0.sources.0.label: used twice',
    ]);
  });

  test('a source of a kind nobody knows is named', async () => {
    const unknown = { ...source, kind: 'ftp' };
    const problems = await problemsOf({ issuers: [{ ...issuer, sources: [unknown] }] });
    expect(problems).toEqual([expect.stringContaining('issuers.0.sources.0.kind')]);
  });
});
