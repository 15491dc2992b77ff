import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { build, type PreviewServer, preview } from 'vite';
import { axe, expect, test } from './sandbox.ts';

const configFile = fileURLToPath(new URL('../gallery/vite.config.ts', import.meta.url));
// Colours of some thousand elements take axe a while on a busy machine.
test.describe.configure({ mode: 'parallel', timeout: 90_000 });
let server: PreviewServer;
let outDir: string;

// oxlint-disable-next-line no-empty-pattern -- Playwright reads what a hook needs from the pattern
test.beforeAll(async ({}, info) => {
  // Each worker builds its own.
  outDir = fileURLToPath(
    new URL(`../../test-results/gallery-${info.workerIndex}`, import.meta.url),
  );
  const inline = { configFile, logLevel: 'error', build: { outDir } } as const;
  await build(inline);
  server = await preview({ ...inline, preview: { port: 0, host: '127.0.0.1' } });
});
test.afterAll(async () => {
  await server.close();
  rmSync(outDir, { recursive: true, force: true });
});

async function open(page: Page, query: Readonly<Record<string, string>> = {}, hash = '') {
  const [address] = server.resolvedUrls?.local ?? [];
  await page.goto(`${address}?${new URLSearchParams(query)}${hash}`);
  await expect(page.locator('[data-section], .evaluation').first()).toBeAttached();
  await unfold(page);
}

/** Everything that can be folded; of origins, all alike, only the first of each list. */
const unfold = (page: Page) =>
  page.evaluate(() => {
    const folded = 'details:not(.origin), [data-case="present"] .item:first-child > .origin';
    for (const details of document.querySelectorAll<HTMLDetailsElement>(folded))
      details.open = true;
  });

/** Cut off sideways: the page itself, or what lies beyond its edge. */
const tooWide = (page: Page) =>
  page.evaluate(() => {
    const edge = document.documentElement.clientWidth;
    const beyond = [...document.querySelectorAll('main *')].filter(
      each => each.checkVisibility() && each.getBoundingClientRect().right > edge + 0.5,
    );
    const hidden = [...document.querySelectorAll('main *')].filter(
      each =>
        each.scrollWidth > each.clientWidth + 1 &&
        each.clientWidth > 1 &&
        getComputedStyle(each).overflowX === 'hidden',
    );
    return [
      ...(document.documentElement.scrollWidth > edge ? ['the page scrolls sideways'] : []),
      ...[...beyond, ...hidden].map(each => `${each.className}: ${each.textContent}`.slice(0, 90)),
    ];
  });

/** Targets below 24 × 24 px, those inside a sentence excepted (WCAG 2.5.8). */
const tooSmall = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('a[href], button, select, summary')].flatMap(each => {
      const { width, height } = each.getBoundingClientRect();
      const seen = each.checkVisibility() && width > 0 && !each.matches('.skip');
      return seen && (width < 24 || height < 24)
        ? [`${Math.round(width)}×${Math.round(height)} ${each.className}: ${each.textContent}`]
        : [];
    }),
  );

// Colours are the same in both languages and at every width; names and sizes are the same in light and dark.
for (const colorScheme of ['light', 'dark'] as const)
  test(`A01: every state of every section can be read, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width: 360, height: 640 });
    await open(page);
    expect(await page.locator('[data-case]').count()).toBeGreaterThan(15);
    expect(await axe(page, 'contrast')).toEqual([]);
  });

for (const lang of ['nb', 'en'])
  test(`A01 A02 A06: every state of every section can be read aloud and pressed, at 320, 360 and 480 px (${lang})`, async ({
    page,
  }) => {
    await open(page, { lang });
    for (const width of [480, 360, 320]) {
      await page.setViewportSize({ width, height: 640 });
      expect(await tooWide(page), `${width} px`).toEqual([]);
      expect(await tooSmall(page), `${width} px`).toEqual([]);
    }
    expect(await axe(page, 'rest')).toEqual([]);
  });

for (const [name, colorScheme] of [
  ['present', 'light'],
  ['flagged', 'dark'],
] as const)
  test(`A01 A02 A06: all contacts, the whole plan and a plan’s page, opened, are as accessible (${name}, ${colorScheme})`, async ({
    page,
  }) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width: 320, height: 640 });
    for (const opener of ['#alle-kontakter', '#hele-planen', '[href^="#/plan/"]']) {
      await open(page, { case: name }, opener.startsWith('#') ? '' : '#/planer');
      await page.locator(opener).first().click();
      await expect(page.locator('.overlay.open:visible')).toHaveCount(1);
      await unfold(page);
      expect(await axe(page), opener).toEqual([]);
      expect(await tooWide(page), opener).toEqual([]);
      expect(await tooSmall(page), opener).toEqual([]);
    }
  });

test('A06: with the spacing a reader with dyslexia may choose, nothing is cut off at 320 px', async ({
  page,
}) => {
  await page.setViewportSize({ width: 320, height: 256 });
  await open(page);
  // WCAG 1.4.12
  await page.addStyleTag({
    content:
      '* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-block-end: 2em !important }',
  });
  expect(await tooWide(page)).toEqual([]);
  const cut = await page.evaluate(() =>
    [...document.querySelectorAll('main *')]
      .filter(
        each =>
          each.clientHeight > 1 &&
          each.scrollHeight > each.clientHeight + 1 &&
          getComputedStyle(each).overflowY === 'hidden',
      )
      .map(each => `${each.className}: ${each.textContent}`.slice(0, 90)),
  );
  expect(cut).toEqual([]);
});

test('A07: without colours of ours, every state still has its edge, its sign and its words', async ({
  page,
}) => {
  await page.emulateMedia({ forcedColors: 'active' });
  await page.setViewportSize({ width: 360, height: 640 });
  await open(page);
  const bare = await page.evaluate(() => {
    const edged = ['.state', '.safety', '.never', '.avoid', '.notes', '.item[data-look="danger"]'];
    return [...document.querySelectorAll(edged.join())]
      .filter(each => each.checkVisibility())
      .filter(each => {
        const style = getComputedStyle(each);
        return style.borderInlineStartStyle === 'none' || style.borderInlineStartWidth === '0px';
      })
      .map(each => each.className);
  });
  expect(bare).toEqual([]);
  const looks = await page.evaluate(() =>
    [...document.querySelectorAll('.state')].flatMap(each => {
      const words = each.querySelector('.state-title')?.textContent?.trim();
      const sign = each.firstElementChild?.matches('[aria-hidden="true"]');
      return words && sign ? [] : [each.outerHTML.slice(0, 120)];
    }),
  );
  expect(looks).toEqual([]);
  const unsaid = await page.evaluate(() =>
    [...document.querySelectorAll('[data-case="flagged"] [data-flag]')]
      .filter(each => each.checkVisibility() && !each.textContent?.trim())
      .map(each => each.className),
  );
  expect(unsaid).toEqual([]);
});

test('A03 A06: at 400 %, who goes through the panel with Tab always sees where they are', async ({
  page,
}) => {
  // 1280 × 1024 px at 400 %.
  await page.setViewportSize({ width: 320, height: 256 });
  for (const tab of ['akutt', 'planer', 'legemidler', 'kilder']) {
    await open(page, { case: 'flagged' }, `#/${tab}`);
    await page.evaluate(() => scrollTo(0, 0));
    const stops = new Set<string>();
    for (;;) {
      await page.keyboard.press('Tab');
      const stop = await page.evaluate(() => {
        const focused = document.activeElement;
        if (!focused || focused === document.body) return undefined;
        const all = [...document.querySelectorAll('*')];
        const box = focused.getBoundingClientRect();
        const under = document.querySelector('.top')?.getBoundingClientRect().bottom ?? 0;
        const inTop = focused.closest('.top, .skip') !== null;
        const seen = inTop || (box.bottom > under + 1 && box.top < window.innerHeight - 1);
        const name = `${focused.tagName} ${focused.className} ${focused.textContent}`;
        return { key: String(all.indexOf(focused)), seen, name: name.slice(0, 80) };
      });
      if (!stop || stops.has(stop.key)) break;
      stops.add(stop.key);
      expect(stop.seen, `${tab}: ${stop.name}`).toBe(true);
    }
    expect(stops.size, tab).toBeGreaterThan(5);
  }
});

const STEPS = ['0', '1', '2', '3', '4', '5', '6', 'kinds', 'sent'];

/** What is pressed in a form: the whole of a label is its box's target. */
const fieldsTooSmall = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('.evaluation :is(input, textarea)')].flatMap(each => {
      const { width, height } = (each.closest('label') ?? each).getBoundingClientRect();
      const name = each.getAttribute('aria-labelledby') ?? each.closest('label')?.textContent;
      return width < 24 || height < 24 ? [`${width}×${height} ${name}`] : [];
    }),
  );

for (const [lang, colorScheme] of [
  ['nb', 'light'],
  ['en', 'dark'],
] as const)
  test(`A01 A02 A06: every step of an evaluation can be read, read aloud and pressed, at 320 to 480 px (${lang}, ${colorScheme})`, async ({
    page,
  }) => {
    await page.emulateMedia({ colorScheme });
    for (const evaluation of STEPS) {
      await open(page, { evaluation, lang });
      for (const width of [480, 360, 320]) {
        await page.setViewportSize({ width, height: 640 });
        expect(await tooWide(page), `${evaluation}, ${width} px`).toEqual([]);
        expect(await tooSmall(page), `${evaluation}, ${width} px`).toEqual([]);
        expect(await fieldsTooSmall(page), `${evaluation}, ${width} px`).toEqual([]);
      }
      expect(await axe(page, 'rest'), evaluation).toEqual([]);
      expect(await axe(page, 'contrast'), evaluation).toEqual([]);
    }
  });

test('A04: a whole evaluation is filled in with the keyboard alone, and the focus is always seen', async ({
  page,
}) => {
  await page.setViewportSize({ width: 360, height: 640 });
  await open(page, { evaluation: '0' });
  const where = () =>
    page.evaluate(() => {
      const at = document.activeElement;
      const box = at?.getBoundingClientRect();
      const inView = box !== undefined && box.bottom > 0 && box.top < window.innerHeight;
      const labelled = at?.getAttribute('aria-labelledby')?.split(' ') ?? [];
      const names = labelled.map(id => document.getElementById(id)?.textContent);
      const name = [...names, at?.closest('label')?.textContent ?? at?.textContent].join(' ');
      return { name, inView };
    });
  /** Goes on with Tab to what has this name; everything passed on the way is in view. */
  const to = async (name: RegExp) => {
    for (let stops = 0; stops < 60; stops += 1) {
      await page.keyboard.press('Tab');
      const at = await where();
      expect(at.inView, at.name).toBe(true);
      if (name.test(at.name)) return;
    }
    throw new Error(`Tab never came to ${name}`);
  };
  const step = () => page.locator('.step-title');
  await to(/^planlagt/);
  await page.keyboard.press('Space');
  await to(/Ikke mulig/);
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  await expect(page.getByRole('radio', { name: 'Ga innspill på forhånd' })).toBeChecked();
  await to(/^Tuva Poliklin/);
  await page.keyboard.press('Space');
  await expect(page.getByRole('checkbox', { name: /^Tuva Poliklin/ })).toBeChecked();
  await to(/^Legg til en/);
  await page.keyboard.press('Enter');
  await to(/Navn/);
  await page.keyboard.type('Ola Bolig');
  await to(/^Neste: /);
  await page.keyboard.press('Enter');
  await expect(step()).toHaveText('Steg 2 av 6: Mål');
  await expect(step()).toBeFocused();
  await to(/Verre/);
  await page.keyboard.press('ArrowUp');
  await to(/Pasientens egen skår/);
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('slider').first()).toHaveValue('4');
  await to(/Jeg vil sove.*Status|Nådd/);
  await page.keyboard.press('Space');
  await to(/Opplever pasienten/);
  await page.keyboard.press('End');
  await to(/^Neste: /);
  await page.keyboard.press('Enter');
  await to(/Hva har hjulpet/);
  await page.keyboard.type('Thea');
  for (const title of ['4 av 6', '5 av 6', '6 av 6']) {
    await to(/^Neste: /);
    await page.keyboard.press('Enter');
    await expect(step()).toContainText(title);
  }
  await to(/Neste evaluering/);
  await page.keyboard.type('01142027');
  await to(/^Se over og send/);
  await page.keyboard.press('Enter');
  await expect(step()).toHaveText(/^Se over og send – /);
  await to(/^Mangler: /);
  await page.keyboard.press('Enter');
  await expect(step()).toContainText('Steg ');
  await expect.poll(async () => (await where()).name).not.toContain('Steg ');
});
