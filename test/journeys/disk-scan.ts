// What the journal serves that must not be left on a machine, and where in a browser's profile it is.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BrowserContext, Page } from '@playwright/test';
import { expect } from './sandbox.ts';

export interface Markers {
  readonly tokens: Set<string>;
  readonly names: Set<string>;
  readonly numbers: Set<string>;
  readonly texts: Set<string>;
}

/** What the sandbox serves from now on that would tell somebody who the patient is, what the plan says, or let them in. */
export function collect(context: BrowserContext): () => Promise<Markers> {
  const reading: Promise<string>[] = [];
  context.on('response', response => {
    if (!/\/(?:fhir|auth\/token)(?:\/|\?|$)/.test(response.url())) return;
    reading.push(response.text().catch(() => ''));
  });
  return async () => {
    const markers = {
      tokens: new Set<string>(),
      names: new Set<string>(),
      numbers: new Set<string>(),
      texts: new Set<string>(),
    };
    for (const body of await Promise.all(reading)) {
      if (!body.startsWith('{')) continue;
      JSON.parse(body, (key, value: unknown) => {
        if (typeof value === 'string') sort(key, value, markers);
        return value;
      });
    }
    return markers;
  };
}

function sort(key: string, value: string, markers: Markers): void {
  if (key.endsWith('_token')) markers.tokens.add(value);
  if (key === 'family') markers.names.add(value);
  if (key === 'value' && /^\+?[\d ]{8,}$/.test(value)) markers.numbers.add(value);
  if (/^(?:text|description|title|display)$/.test(key) && /\S+ \S+ \S+/.test(value))
    markers.texts.add(value);
}

/** Every file of the profile, for every marker, in the ways Chromium writes text down. */
export async function scan(folder: string, markers: readonly string[]) {
  const left: { marker: string; file: string }[] = [];
  const wanted = markers.map(marker => ({
    marker,
    written: [
      Buffer.from(marker, 'utf8'),
      Buffer.from(marker, 'utf16le'),
      Buffer.from(marker, 'latin1'),
      Buffer.from(encodeURIComponent(marker), 'utf8'),
    ],
  }));
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const bytes = await readFile(join(entry.parentPath, entry.name)).catch(whereGone);
    if (!bytes) continue;
    for (const { marker, written } of wanted)
      if (written.some(form => bytes.includes(form))) left.push({ marker, file: entry.name });
  }
  return left;
}

/** A browser that still runs throws files away meanwhile: what is gone is not left. */
function whereGone(error: unknown): undefined {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
}

const IN_A_FIELD = 'Dette-feltet-fikk-nettleseren-ta-vare-på';

/**
 * Until the browser has put by what is in the page's fields, as it does so that a tab can be opened again: seconds after
 * each change, in its own time. A field that nobody has asked it to leave alone tells when.
 */
export async function untilFieldsAreKept(page: Page, profile: string): Promise<void> {
  await page.evaluate(text => {
    const field = document.createElement('textarea');
    field.id = 'planted';
    field.value = text;
    document.body.append(field);
  }, IN_A_FIELD);
  await expect(async () => {
    const kept = await scan(join(profile, 'Default', 'Sessions'), [IN_A_FIELD]);
    expect(kept.length).toBeGreaterThan(0);
  }).toPass({ timeout: 30_000 });
}

/** What the app says to everybody, such as the questions of the form, is in its own files and tells nobody anything. */
export async function withoutOwnWords(markers: readonly string[]): Promise<readonly string[]> {
  const folder = fileURLToPath(new URL('../../dist/web/assets', import.meta.url));
  const files = await Promise.all(
    (await readdir(folder)).map(file => readFile(join(folder, file))),
  );
  return markers.filter(marker => !files.some(bytes => bytes.includes(marker)));
}
