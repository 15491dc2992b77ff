// How much is asked before somebody can be called, and in how many waves. No clock is read: what is not needed never
// answers, and a wave is a question that was not asked before another had been answered.
import type { Page, Request } from '@playwright/test';
import { wavesIn } from '../../bench/exchanges.ts';
import { launchAddress, openAlone, openEhr, scenario, withoutFurtherSources } from './ehr.ts';
import { expect, test } from './sandbox.ts';

/** Longer than a journey lasts. */
const HANGS = 60_000;
/** Long enough for every question of one wave to have been asked before the first is answered. */
const SLOW = 400;

/** Everything the page may do without before whom to call is on screen. */
const notNeeded = [
  { match: 'GET /fhir/MedicationStatement', delayMs: HANGS },
  { match: '/^[A-Z]+ \\/(kj|sfm|pjd|nilar|pmd|planer|hub|appstate)\\b/', delayMs: HANGS },
  { match: '/^GET \\/fhir\\/(Observation|DiagnosticReport|Provenance|Task)/', delayMs: HANGS },
];

interface Asked {
  readonly what: string;
  /** Everything asked for in it, its queries included: one address, or those of a batch. */
  readonly questions: readonly string[];
  /** Where it stands in the order of all that began and ended. */
  readonly start: number;
  end: number;
}

/** What the sidebar asks for, scripts and styles apart, in the order it happens. */
function askedBy(page: Page): readonly Asked[] {
  const asked: Asked[] = [];
  const open = new Map<Request, Asked>();
  let moment = 0;
  page.on('request', request => {
    const { pathname, search } = new URL(request.url());
    if (/^\/(?:ehr\/.*|assets\/.*|icons\/.*|favicon.*)?$|^\/workspace/.test(pathname)) return;
    const what = `${request.method()} ${pathname}`;
    const one = { what, questions: batched(request) ?? [what + search], start: moment++, end: NaN };
    open.set(request, one);
    asked.push(one);
  });
  page.on('requestfinished', request => {
    const one = open.get(request);
    if (one) one.end = moment++;
  });
  return asked;
}

function batched(request: Request): readonly string[] | undefined {
  if (request.method() !== 'POST' || !request.url().endsWith('/fhir')) return undefined;
  const { entry } = request.postDataJSON() as { entry: { request: { url: string } }[] };
  return entry.map(({ request: { url } }) => `GET /fhir/${url}`);
}

const about = (asked: readonly Asked[], types: RegExp) =>
  asked.filter(({ questions }) => questions.some(question => types.test(question)));

/** The same question twice is a wave, or a server's time, for nothing. What keeps our own keys is read again once written. */
function expectNothingTwice(asked: readonly Asked[]) {
  const questions = asked.flatMap(one => one.questions).filter(one => !one.includes(' /appstate/'));
  expect(questions.toSorted()).toEqual([...new Set(questions)].toSorted());
}

const WHOM_TO_CALL =
  /\/fhir\/(?:Patient|CarePlan|CareTeam|Practitioner|PractitionerRole|Consent)\b/;

test('whom to call is on screen while all that is not needed for it is still hanging', async ({
  page,
  sandbox,
}) => {
  await scenario(sandbox, ...notNeeded);
  await page.route(/\/assets\/(?:other-rooms|beside|further)-.*\.js$/, () => undefined);
  const asked = askedBy(page);
  const panel = await openEhr(page, sandbox);
  const contacts = panel.locator('[data-section="contacts"]');
  await expect(contacts).toHaveAttribute('data-state', 'present', { timeout: 20_000 });
  await expect(contacts.locator('[data-item-id]').first()).toContainText('+47');
  expectNothingTwice(asked);
  for (const step of [
    'GET /launch.html',
    'GET /sideplan.config.json',
    'GET /fhir/.well-known/smart-configuration',
    'GET /auth/authorize',
    'GET /index.html',
    'POST /auth/token',
    'GET /fhir/metadata',
  ])
    expect(asked.map(({ what }) => what)).toContain(step);
});

test('nothing of what a new page pays most for the first time (Intl) is used before whom to call is there', async ({
  page,
  sandbox,
}) => {
  await page.addInitScript(() => {
    const used: string[] = [];
    Object.assign(globalThis, { used });
    const noted = (name: string) => {
      if (!document.querySelector('[data-section="contacts"][data-state="present"]'))
        used.push(name);
    };
    for (const [holder, names] of [
      [Intl, ['DateTimeFormat', 'ListFormat', 'NumberFormat', 'Collator']],
      [String.prototype, ['localeCompare']],
      [Date.prototype, ['toLocaleString', 'toLocaleDateString', 'toLocaleTimeString']],
      [Number.prototype, ['toLocaleString']],
    ] as const)
      for (const name of names) {
        const heard: ProxyHandler<new () => object> = {
          apply(target, it, asked) {
            noted(name);
            return Reflect.apply(target, it, asked);
          },
          construct(target, asked) {
            noted(name);
            return Reflect.construct(target, asked);
          },
        };
        Reflect.set(holder, name, new Proxy(Reflect.get(holder, name), heard));
      }
  });
  await openAlone(page, sandbox, { user: 'u-lv', patient: 'p1' });
  await expect(page.locator('[data-section="contacts"]')).toHaveAttribute('data-state', 'present');
  expect(await page.evaluate(() => Reflect.get(globalThis, 'used'))).toEqual([]);
});

test('what stands below whom to call is drawn when whom to call is on screen, and not before', async ({
  page,
  sandbox,
}) => {
  await page.setViewportSize({ width: 480, height: 1400 });
  await page.addInitScript(() => {
    const seenAt: Record<string, number> = {};
    Object.assign(globalThis, { seenAt });
    new PerformanceObserver(list => {
      for (const entry of list.getEntries())
        seenAt[String(Reflect.get(entry, 'identifier'))] ??= entry.startTime;
    }).observe({ type: 'element', buffered: true });
  });
  await openAlone(page, sandbox, { user: 'u-lv', patient: 'p1' });
  const rows = page.locator('[data-section="contacts"] [data-item-id]');
  await expect(page.locator('[data-section="plan"] [elementtiming="plan"]')).toBeVisible();
  await expect(rows).toHaveCount(8);
  const moments = (): Promise<{ contacts: number; plan: number }> =>
    page.evaluate(() => Reflect.get(globalThis, 'seenAt'));
  await expect
    .poll(moments)
    .toMatchObject({ contacts: expect.any(Number), plan: expect.any(Number) });
  const { contacts, plan } = await moments();
  expect(plan).toBeGreaterThan(contacts);
});

test('a browser that cannot put one thing ahead of another (Safari) shows whom to call all the same', async ({
  page,
  sandbox,
}) => {
  await page.addInitScript(() => Reflect.deleteProperty(globalThis, 'scheduler'));
  await page.goto(await launchAddress(sandbox, { user: 'u-lv', patient: 'p1' }));
  const contacts = page.locator('[data-section="contacts"]');
  await expect(contacts.locator('[data-item-id]').first()).toContainText('+47');
  expect(await page.evaluate(() => 'scheduler' in globalThis)).toBe(false);
});

test('a server that takes several questions at once is asked in one wave, the medication list in the same', async ({
  page,
  sandbox,
}) => {
  await scenario(sandbox, { match: '/^POST \\/fhir$/', delayMs: SLOW });
  await withoutFurtherSources(page);
  const asked = askedBy(page);
  const panel = await openEhr(page, sandbox);
  const medicines = panel.locator('[data-section="medication"]');
  await expect(medicines).toHaveAttribute('data-state', 'present', { timeout: 20_000 });
  const first = about(asked, /\/fhir\/(?:CarePlan|MedicationStatement)\?/);
  expect(first.map(({ what }) => what)).toEqual(['POST /fhir', 'POST /fhir']);
  expect(wavesIn(first)).toBe(1);
  // What is asked once whom to call has been painted may be about the same people; who the GP is, is asked anew there.
  const later = asked.findIndex(({ questions }) =>
    questions.some(one => /Observation\?/.test(one)),
  );
  const soon = later < 0 ? asked : asked.slice(0, later);
  expect(wavesIn(about(soon, WHOM_TO_CALL))).toBe(1);
  expectNothingTwice(soon);
});

test('a server that takes only one question at a time is asked in two waves', async ({
  page,
  sandbox,
}) => {
  const statement = (await (await fetch(`${sandbox.fhirBase}/metadata`)).json()) as {
    rest: { interaction?: unknown }[];
  };
  for (const rest of statement.rest) delete rest.interaction;
  await scenario(
    sandbox,
    { match: '/fhir/metadata', status: 200, body: statement },
    { match: '/^GET \\/fhir\\/[A-Z]/', delayMs: SLOW },
  );
  await withoutFurtherSources(page);
  const asked = askedBy(page);
  const panel = await openEhr(page, sandbox);
  const contacts = panel.locator('[data-section="contacts"]');
  await expect(contacts).toHaveAttribute('data-state', 'present', { timeout: 20_000 });
  expect(asked.map(({ what }) => what)).not.toContain('POST /fhir');
  expect(wavesIn(about(asked, WHOM_TO_CALL))).toBeLessThanOrEqual(2);
  expectNothingTwice(asked);
});

test('where the login is, is asked while the app itself is still on its way, and nothing else is', async ({
  page,
  sandbox,
}) => {
  await page.route(/\/assets\/app-.*\.js$/, () => undefined);
  const asked = askedBy(page);
  const answered = page.waitForResponse(/smart-configuration$/);
  await page.goto(await launchAddress(sandbox, { user: 'u-lv', patient: 'p1' }), {
    waitUntil: 'commit',
  });
  await (await answered).finished();
  expect(asked.map(({ what }) => what)).toEqual([
    'GET /launch.html',
    'GET /sideplan.config.json',
    'GET /fhir/.well-known/smart-configuration',
  ]);
});

test('the hidden frame that brings the login home fetches nothing of the app', async ({
  page,
  sandbox,
}) => {
  const fetched: string[] = [];
  page.on('request', request => {
    if (new URL(request.frame().url() || 'about:blank').pathname !== '/index.html') return;
    if (request.frame().parentFrame()?.parentFrame()) fetched.push(new URL(request.url()).pathname);
  });
  const panel = await openEhr(page, sandbox);
  await expect(panel.locator('[data-section="contacts"]')).toHaveAttribute(
    'data-state',
    'present',
    { timeout: 20_000 },
  );
  expect(fetched.filter(path => /\/(?:app|main)-|\.css$/.test(path))).toEqual([]);
});

test('where the code that reads critical information does not arrive, that is said, and whom to call stands', async ({
  page,
  sandbox,
  expectProblem,
}) => {
  expectProblem(/net::ERR_FAILED|beside/);
  await page.route(/\/assets\/beside-.*\.js$/, route => route.abort());
  await withoutFurtherSources(page);
  const panel = await openEhr(page, sandbox);
  await expect(panel.locator('[data-section="contacts"]')).toHaveAttribute(
    'data-state',
    'present',
    { timeout: 20_000 },
  );
  await expect(panel.locator('.safety')).toContainText('Kunne ikke hente overfølsomhet');
});
