// Rows of the catalogue about what reaches the page, whatever a source has written.
import { act, cleanup, waitFor } from '@testing-library/preact';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Contacts } from '../src/contacts/Contacts.tsx';
import { CriticalInfo } from '../src/critical/CriticalInfo.tsx';
import { Safety } from '../src/critical/Safety.tsx';
import { Documents } from '../src/documents/Documents.tsx';
import { isRaw, type Raw } from '../src/fhir/ask.ts';
import { Measurements } from '../src/measurements/Measurements.tsx';
import { Medications } from '../src/medications/Medications.tsx';
import { Acute } from '../src/plan/Acute.tsx';
import { Plans } from '../src/plan/Plans.tsx';
import type { Item, Known } from '../src/record/reading.ts';
import { Results } from '../src/results/Results.tsx';
import { PatientBanner } from '../src/shell/PatientBanner.tsx';
import { Sources } from '../src/sources/Sources.tsx';
import { apply, bend, MARKUP, seed } from './bends.ts';
import { critical, known, medicine, recordOf, sectionNamed, show } from './hand-made.tsx';
import { examplesAbout } from './official.ts';
import { sectionBuilders } from './section-builders.ts';

const { session } = recordOf();
const build = sectionBuilders(session);

/** Every room there is, with whatever these resources become. */
async function showAll(resources: readonly Raw[]): Promise<void> {
  const section = async <T,>(name: string) =>
    (await (build[name]?.(resources) ?? known<Item>([]))) as Known<T>;
  show(
    recordOf({
      patient: await section('patient'),
      plans: await section('plans'),
      evaluations: await section('evaluations'),
      critical: await section('critical'),
      medicines: await section('medicines'),
      documents: await section('documents'),
      results: await section('results'),
      measurements: await section('measurements'),
    }),
    <>
      <PatientBanner logOut={() => {}} more={undefined} />
      <Safety />
      <Acute ring={props => <Contacts {...props} />} />
      <Plans />
      <Medications />
      <CriticalInfo />
      <Documents />
      <Results />
      <Measurements />
      <Sources />
    </>,
  );
}

/** The same resource with this in place of everything somebody wrote in words. */
function saying(words: string, value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map(item => saying(words, item, key));
  if (isRaw(value))
    return Object.fromEntries(
      Object.entries(value).map(([inner, child]) => [inner, saying(words, child, inner)]),
    );
  return typeof value === 'string' && WORDS.test(key) ? words : value;
}
const WORDS =
  /^(?:text|display|title|description|name|family|given|div|comment|conclusion|note|valueString|patientInstruction|value|unit|date|created|authored|recordedDate|effectiveDateTime|id)$/;

const hostile = (words: string) =>
  examplesAbout(session.patient).flatMap(raw => {
    const said = saying(words, raw);
    return isRaw(said) ? { ...said, id: raw['id'] } : [];
  });

describe('what is written in a source', () => {
  test.each([
    ['X02 narrative-xss: pictures, scripts and drawings', MARKUP, '<img src=x onerror='],
    [
      'X02 narrative-xss: style, form, base, meta and frames',
      '<style>*{display:none}</style><form action=//x><base href=//x><meta http-equiv=refresh content=0><iframe srcdoc=x></iframe><math><mi xlink:href=javascript:1>',
      '<style>*{display:none}</style>',
    ],
    ['X03 markdown', '![x](https://elsewhere.example/x.png) <https://x> [a][b]', '![x](https://'],
    ['X04 css', '<div style="background:url(//elsewhere.example)">a</div>', '<div style='],
    ['X10 attr-clobber', '<a id=innhold name=body href=javascript:alert(1)>x</a>', '<a id=innhold'],
  ])('%s: text on the page, and nothing else', async (_, words, seen) => {
    await showAll(hostile(words));
    const page = document.body;
    expect(page.querySelectorAll('[data-item-id]').length).toBeGreaterThan(100);
    expect(page.textContent).toContain(seen);
    expect(page.querySelectorAll(FOREIGN)).toHaveLength(0);
    const attributes = [...page.querySelectorAll('*')].flatMap(({ attributes: all }) => [...all]);
    const bad = attributes.filter(
      ({ name, value }) =>
        /^on|^(?:src|srcset|srcdoc|style|action|formaction|background|poster|xlink:href)$/.test(
          name,
        ) ||
        (name === 'href' && !/^(?:#|tel:|blob:)/.test(value)),
    );
    expect(bad.map(({ name, value }) => `${name}=${value}`)).toEqual([]);
    const ids = [...page.querySelectorAll('[id]')].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('R31 X08: every official example has its row, on its page, once', async () => {
    const resources = examplesAbout(session.patient);
    await showAll(resources);
    for (const name of ['critical', 'medication', 'documents', 'measurements'] as const) {
      const made = await build[name === 'medication' ? 'medicines' : name]?.(resources);
      const expected = new Set(made?.items.map(({ source }) => source.ref));
      // A list this long comes a piece at a time.
      await waitFor(() => {
        const shown = new Set(
          [...sectionNamed(name).querySelectorAll('[data-item-id]')].map(row =>
            row.getAttribute('data-item-id'),
          ),
        );
        expect([...expected].filter(ref => !shown.has(ref))).toEqual([]);
      });
    }
  });

  test('R32 mutation-fuzz: however the examples are bent, every room can be shown, and markup in them stays text', async () => {
    const texts = examplesAbout(session.patient).map(raw => JSON.stringify(raw));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(texts.length - 1), bend), { minLength: 60, maxLength: 60 }),
        async made => {
          const bent = texts.map((text): Raw => JSON.parse(text) as Raw);
          for (const [index, change] of made) apply(change, bent[index]);
          await showAll(bent.filter(isRaw));
          // All of it, as on paper: long lists come a piece at a time.
          await act(() => void dispatchEvent(new Event('beforeprint')));
          expect(document.querySelectorAll(FOREIGN)).toHaveLength(0);
          expect(document.querySelectorAll('[data-item-id]').length).toBeGreaterThan(100);
          cleanup();
        },
      ),
      { numRuns: 15, seed, endOnFailure: true },
    );
  }, 120_000);

  test('X07 unicode: what turns the reading direction, or cannot be seen, is seen and stays in its place', async () => {
    show(
      recordOf({
        medicines: known([medicine({ substance: 'metoprolol\u202Egm 5', dose: ['1\u200B0 mg'] })]),
        critical: known([critical({ text: 'Penic\u0000illin' })]),
      }),
      <>
        <Medications />
        <CriticalInfo />
      </>,
    );
    await waitFor(() =>
      expect(sectionNamed('medication').textContent).toContain('metoprolol⟦202E⟧gm 5'),
    );
    expect(sectionNamed('medication').textContent).toContain('1⟦200B⟧0 mg');
    expect(sectionNamed('critical').textContent).toContain('Penic⟦0000⟧illin');
    const isolated = [...document.querySelectorAll('bdi')].map(({ textContent }) => textContent);
    expect(isolated.some(text => text?.includes('⟦202E⟧'))).toBe(true);
  });

  test('X09 outcome-html: what a server says in markup is read as text', () => {
    const remark = { code: 'informational', serious: false, reason: undefined, from: 'Journalen' };
    show(
      recordOf({ critical: known([critical()], { remarks: [{ ...remark, text: MARKUP }] }) }),
      <CriticalInfo />,
    );
    expect(sectionNamed('critical').textContent).toContain('<img src=x onerror=');
    expect(document.querySelectorAll(FOREIGN)).toHaveLength(0);
  });
});

test('R07 param-ignored: where somebody else’s was set aside, the list is marked as perhaps not all', () => {
  const setAside = [{ ref: 'AllergyIntolerance/x', why: 'other-patient' as const }];
  show(recordOf({ critical: known([critical()], { setAside }) }), <CriticalInfo />);
  expect(sectionNamed('critical').getAttribute('data-partial')).toBe('true');
  expect(sectionNamed('critical').textContent).toMatch(/annen pasient/i);
});

test('R11 status-missing: an allergy whose status nobody knows stands among those in use, with a warning', () => {
  show(recordOf({ critical: known([critical({ currency: 'unknown' })]) }), <CriticalInfo />);
  const row = sectionNamed('critical').querySelector('[data-item-id]');
  expect(row?.getAttribute('data-flag') ?? '').not.toContain('inactive');
  expect(row?.textContent).toMatch(/usikker|ukjent|uklart/i);
});

/** Nothing of ours is made of these; our own drawings are all hidden from screen readers. */
const FOREIGN =
  'script,img,iframe,object,embed,style,form,base,meta,link,math,audio,video,svg:not([aria-hidden]),a[id=innhold]';
