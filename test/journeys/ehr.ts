import type { FrameLocator, Page } from '@playwright/test';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';

/** The pretend EHR in the browser, with Sideplan in its frame. */
export async function openEhr(
  page: Page,
  sandbox: Sandbox,
  query: Readonly<Record<string, string>> = {},
): Promise<FrameLocator> {
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.goto(`${sandbox.ehrOrigin}/?${new URLSearchParams(query)}`);
  return sidebar(page);
}

/** The sidebar beside the first or the second chart. */
export function sidebar(page: Page, chart: 'patient' | 'patient2' = 'patient'): FrameLocator {
  return page.frameLocator(`[data-chart="${chart}"] iframe`);
}

/** Sideplan by itself, at the size of a panel. */
export async function openAlone(
  page: Page,
  sandbox: Sandbox,
  query: Readonly<Record<string, string>>,
): Promise<void> {
  await page.setViewportSize({ width: 360, height: 640 });
  await page.goto(`${sandbox.ehrOrigin}/ehr/launch?${new URLSearchParams(query)}`);
}

/** Where the journal would send a frame of its own: the app's launch page, with a launch that can be used once. */
export async function launchAddress(
  sandbox: Sandbox,
  query: Readonly<Record<string, string>>,
): Promise<string> {
  const answer = await fetch(`${sandbox.ehrOrigin}/ehr/launch?${new URLSearchParams(query)}`, {
    headers: { accept: 'application/json' },
  });
  return ((await answer.json()) as { url: string }).url;
}

/** The EHR as the only source, as in a hospital that has configured no other. */
export async function withoutFurtherSources(page: Page): Promise<void> {
  await page.route('**/sideplan.config.json', async route => {
    const response = await route.fetch();
    const configuration = (await response.json()) as { issuers: { sources?: unknown }[] };
    for (const issuer of configuration.issuers) delete issuer.sources;
    await route.fulfill({ response, json: configuration });
  });
}

/** The duty doctor turns to another patient in the journal, beside the panel (CONTRACT, `POST /ehr/context`). */
export async function turnTo(sandbox: Sandbox, patient: string): Promise<void> {
  const answer = await fetch(`${sandbox.ehrOrigin}/ehr/context`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: 'u-lv', patient }),
  });
  if (!answer.ok) throw new Error(await answer.text());
}

/** Makes the sandbox misbehave (CONTRACT, `/ehr/scenario`). */
export async function scenario(sandbox: Sandbox, ...rules: readonly object[]): Promise<void> {
  const answer = await fetch(`${sandbox.ehrOrigin}/ehr/scenario`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(rules),
  });
  if (!answer.ok) throw new Error(await answer.text());
}

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly batch?: boolean;
}

/** What the sandbox has been asked so far. */
export async function askedOf(sandbox: Sandbox): Promise<readonly Asked[]> {
  return (await (await fetch(`${sandbox.ehrOrigin}/ehr/log`)).json()) as Asked[];
}
