import { fireEvent, screen, waitFor, within } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Documents } from '../src/documents/Documents.tsx';
import { Measurements } from '../src/measurements/Measurements.tsx';
import type { Attachment, PatientDocument } from '../src/record/documents/documents.ts';
import type { Analysis, Report } from '../src/record/observations/results.ts';
import type { Value } from '../src/record/observations/values.ts';
import { Results } from '../src/results/Results.tsx';
import { speak } from '../src/shell/words/words.ts';
import { emptyStates, known, plan, recordOf, SAYS_NONE, sectionNamed, show } from './hand-made.tsx';
import { analysis, document_, inline, item, measured, report, value } from './hand-made-items.ts';

afterEach(() => speak('nb'));

describe.each([
  ['documents', Documents],
  ['results', Results],
  ['measurements', Measurements],
] as const)('%s in every state of knowledge', (name, Room) => {
  test.each(emptyStates)('$state has words of its own, which never say «none»', async reading => {
    for (const language of ['nb', 'en'] as const) {
      await speak(language);
      const { unmount } = show(recordOf({ [name]: reading }), <Room />);
      expect(sectionNamed(name).dataset['state']).toBe(reading.state);
      expect(sectionNamed(name).textContent).not.toMatch(SAYS_NONE);
      unmount();
    }
  });
});

const showDocuments = (...documents: readonly PatientDocument[]) =>
  show(recordOf({ documents: known(documents) }), <Documents />);

describe('documents', () => {
  test('the newest stands first, and those without a date last', () => {
    showDocuments(
      document_({ title: 'Gammel', at: '2019' }),
      document_({ title: 'Udatert', at: undefined }),
      document_({ title: 'Ny', at: '2026-11-13' }),
    );
    const titles = screen.getAllByRole('heading', { level: 3 }).map(each => each.textContent);
    expect(titles.map(title => title?.trim())).toEqual(['Ny', 'Gammel', 'Udatert']);
  });

  test('the sixth is folded under «vis alle», never left out', () => {
    showDocuments(...Array.from({ length: 6 }, () => document_()));
    expect(document.querySelectorAll('[data-section="documents"] [data-item-id]')).toHaveLength(6);
    expect(screen.getByText('Vis alle (6)').closest('details')?.open).toBe(false);
  });

  test('a restricted one keeps its row with the sentence, and nothing to press', () => {
    showDocuments(document_({ title: 'Utredning BUP', restricted: true }));
    const row = screen.getByText('Utredning BUP').closest('li')!;
    expect(row.textContent).toContain('Sperret av pasienten. Be om tilgang');
    expect(within(row).queryByRole('button')).toBeNull();
  });

  test('restricted at one source is restricted, also where another lists the same one openly', () => {
    showDocuments(document_({ also: [document_({ restricted: true })] }));
    expect(screen.queryByRole('button')).toBeNull();
  });

  test('documents a source counts and does not list are said, in the singular too', () => {
    const remark = { code: 'suppressed', serious: false, reason: 'restricted', text: undefined };
    const remarks = [
      { ...remark, masked: 2, from: 'PJD' },
      { ...remark, masked: 1, from: 'Arkivet' },
      { ...remark, from: 'Journalen' },
    ];
    show(recordOf({ documents: known([document_()], { remarks }) }), <Documents />);
    expect(screen.getByText(/^2 dokumenter er sperret hos PJD/)).toBeTruthy();
    expect(screen.getByText(/^1 dokument er sperret hos Arkivet/)).toBeTruthy();
    expect(document.querySelectorAll('p.locked')).toHaveLength(2);
  });

  test.each([
    ['superseded', 'Erstattet av en nyere utgave'],
    ['preliminary', 'Foreløpig, ikke ferdig'],
    ['amended', 'Endret etter at det var ferdig'],
    ['doubtful', 'Statusen er uklar – se kilden'],
  ] as const)('%s is said', (standing, words) => {
    showDocuments(document_({ standing }));
    expect(screen.getByText(words)).toBeTruthy();
  });

  test.each([
    ['nowhere', undefined, 'har ikke delt innholdet med deg'],
    ['elsewhere', 'application/pdf', 'ligger utenfor Fjordvik journal'],
    [{ base64: 'AAAA' }, 'text/html', 'Filtypen text/html åpnes ikke her'],
  ] as const)('content %o cannot be pressed, and the row says why', (where, type, words) => {
    showDocuments(
      document_({ attachments: [{ type, bytes: undefined, pages: undefined, where }] }),
    );
    expect(screen.queryByRole('button')).toBeNull();
    expect(document.body.textContent).toContain(words);
  });

  describe('pressed', () => {
    const saved: { blob: Blob; name: string }[] = [];
    beforeEach(() => {
      saved.length = 0;
      let last: Blob | undefined;
      vi.spyOn(URL, 'createObjectURL').mockImplementation(blob => {
        last = blob as Blob;
        return 'blob:x';
      });
      vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function click(
        this: HTMLAnchorElement,
      ) {
        if (last) saved.push({ blob: last, name: this.download });
      });
    });
    afterEach(() => {
      vi.restoreAllMocks();
    });

    test('it becomes a download whose name says neither who nor what', async () => {
      showDocuments(document_({ title: 'Akuttplan for Maja Testdal', at: '2026-11-12' }));
      fireEvent.click(
        screen.getByRole('button', { name: 'Åpne: Akuttplan for Maja Testdal, 12.11.2026' }),
      );
      await screen.findByText('Lastet ned som dokument-2026-11-12.txt');
      expect(saved.map(({ name, blob }) => [name, blob.type])).toEqual([
        ['dokument-2026-11-12.txt', 'text/plain'],
      ]);
    });

    test('nothing is fetched or made before the press', () => {
      showDocuments(document_(), document_());
      expect(saved).toEqual([]);
      expect(document.querySelectorAll('img, iframe, object, embed, a[href]')).toHaveLength(0);
    });

    test('a file that is not what it says is not saved, and its row says so', async () => {
      showDocuments(document_({ attachments: [inline('<html><script>', 'text/plain')] }));
      fireEvent.click(screen.getByRole('button'));
      expect((await screen.findByRole('alert')).textContent).toContain('ikke det den skulle være');
      expect(saved).toEqual([]);
    });

    test('where one source fails, the copy at another is opened', async () => {
      const lost: Attachment = {
        ...inline(''),
        where: { method: 'GET', address: 'https://journal.example/fhir/Binary/1' },
      };
      showDocuments(document_({ attachments: [lost], also: [document_()] }));
      fireEvent.click(screen.getByRole('button'));
      await waitFor(() => expect(saved).toHaveLength(1));
    });

    test('a source that does not answer is named beside the row', async () => {
      const lost: Attachment = {
        ...inline(''),
        where: { method: 'GET', address: 'https://journal.example/fhir/Binary/1' },
      };
      showDocuments(document_({ attachments: [lost] }));
      fireEvent.click(screen.getByRole('button'));
      expect((await screen.findByRole('alert')).textContent).toContain(
        'Fjordvik journal svarte ikke',
      );
    });
  });
});

const showResults = (...results: readonly (Analysis | Report)[]) =>
  show(recordOf({ results: known(results) }), <Results />);

const creatinine = (at: string, digits: string, more: Partial<Value> = {}) =>
  analysis({
    at,
    value: value({ text: { digits }, number: Number(digits), unit: 'µmol/L', ...more }),
  });

describe('test results', () => {
  test('the newest value stands first, outside its reference in words, with the rest in a table', () => {
    const ranges = [{ words: '60–105' }];
    showResults(
      creatinine('2026-11-10', '142', { outside: 'high', ranges }),
      creatinine('2026-11-14', '138', { outside: 'high', ranges }),
    );
    const row = screen.getByRole('heading', { name: /Kreatinin/ }).closest('li')!;
    expect(row.querySelector('h3')?.textContent).toBe('Kreatinin138 µmol/L ▲');
    expect(row.textContent).toContain('14.11.2026 · ▲ over referanse · ref. 60–105');
    const cells = within(row).getAllByRole('row', { hidden: true });
    expect(cells.slice(1).map(each => each.textContent)).toEqual([
      '14.11.2026138 µmol/L ▲▲ over referanseref. 60–105',
      '10.11.2026142 µmol/L ▲▲ over referanseref. 60–105',
    ]);
  });

  test('the line has a name that says what it shows', () => {
    showResults(creatinine('2026-11-10', '142'), creatinine('2026-11-14', '138'));
    expect(
      screen.getByRole('figure', {
        name: /Utvikling for Kreatinin: 2 verdier, fra 142 µmol\/L 10.11.2026 til 138 µmol\/L/,
      }),
    ).toBeTruthy();
  });

  test('values in another unit are not drawn, and that is said', () => {
    showResults(
      creatinine('2026-11-10', '142'),
      creatinine('2026-11-12', '1.5', { unit: 'mg/dL' }),
      creatinine('2026-11-14', '138'),
    );
    expect(document.querySelectorAll('circle')).toHaveLength(2);
    expect(screen.getByText(/^1 verdier er ikke tegnet/)).toBeTruthy();
  });

  test('decimals are as written, with the sign of the language; words are untouched', async () => {
    showResults(
      creatinine('2026-11-10', '1.0'),
      analysis({ name: 'RNA', value: value({ text: { words: 'ca. 1.5' }, unit: undefined }) }),
    );
    expect(document.body.textContent).toContain('1,0 µmol/L');
    expect(document.body.textContent).toContain('ca. 1.5');
    await speak('en');
    await waitFor(() => expect(document.body.textContent).toContain('1.0 µmol/L'));
  });

  test('a preliminary or corrected answer says so, and so does its report', () => {
    const one = analysis({ standing: 'corrected' });
    showResults(one, report({ standing: 'preliminary', answers: [one.source.ref] }));
    const row = screen.getByRole('heading', { name: /Kreatinin/ }).closest('li')!;
    expect(row.textContent).toContain('rettet');
    expect(row.textContent).toContain('rapporten er foreløpig');
    expect(row.textContent).toContain('Fjordvik lab');
  });

  test('another source’s other value is shown beside it, never instead', () => {
    const other = { ...creatinine('2026-11-14', '83'), ...item('Observation', 'Laboratoriet') };
    showResults({ ...creatinine('2026-11-14', '138'), also: [{ ...other, value: value() }] });
    expect(screen.getByText(/Laboratoriet har en annen verdi: 90 %/)).toBeTruthy();
  });

  test('reports without answers, and what is no result, have their own lists', () => {
    showResults(
      analysis(),
      report({ unread: 2, conclusion: 'Hemolysert prøve' }),
      analysis({ kind: 'other', name: 'Røykestatus' }),
    );
    const reports = screen.getByText('Svarrapporter (1)').closest('details')!;
    expect(reports.textContent).toContain('2 svar ble ikke vist av kilden');
    expect(reports.textContent).toContain('Hemolysert prøve');
    expect(screen.getByText('Annet (1)').closest('details')?.textContent).toContain('Røykestatus');
  });

  test('it is said that the panel does not interpret', () => {
    showResults(analysis());
    expect(screen.getByText(/Panelet tolker ikke\./)).toBeTruthy();
  });

  test('what cannot be read keeps its row and says so', () => {
    showResults(
      analysis({ flags: ['unreadable'], value: value({ text: undefined, number: undefined }) }),
    );
    const row = document.querySelector('[data-flag="unreadable"]');
    expect(row?.textContent).toContain('Verdi ikke oppgitt');
    expect(row?.textContent).toContain('Kan ikke leses – se kilden');
  });
});

describe('home measurements', () => {
  const silent = {
    gaps: [{ what: 'Observation', from: 'Måledata', why: 'failed' }],
    remarks: [
      {
        code: 'transient',
        serious: true,
        reason: undefined,
        text: 'Pasientens måledata svarer ikke',
        from: 'Måledata',
      },
    ],
  } as const;

  test('the newest of each kind, and how old it is', () => {
    show(
      recordOf({
        measurements: known([
          measured(),
          measured({ at: '2026-11-12' }),
          measured({ name: 'Puls', at: '2026-11-20' }),
          measured({ name: 'Vekt', at: '2026-11-21' }),
          measured({ name: 'Temperatur', at: '2026-11' }),
        ]),
      }),
      <Measurements />,
    );
    const ages = screen
      .getAllByRole('heading', { level: 3 })
      .map(each => [each.textContent, each.nextElementSibling?.textContent]);
    expect(ages).toEqual([
      ['Vekt90 %', '21.11.2026 · i dag'],
      ['Puls90 %', '20.11.2026 · i går'],
      ['SpO2 hvile90 %', '19.11.2026 kl. 07.38 · for 2 dager siden'],
      ['Temperatur90 %', '11.2026'],
    ]);
  });

  test('a silent source is named, its copy says how old it is, and the last value stands', () => {
    const one = measured();
    const source = { ...one.source, lastUpdated: '2026-11-20T16:05:00+01:00' };
    show(recordOf({ measurements: known([{ ...one, source }], silent) }), <Measurements />);
    const section = sectionNamed('measurements');
    expect(section.textContent).toContain('90 %');
    expect(section.textContent).toContain('Måledata sier: Pasientens måledata svarer ikke');
    expect(section.textContent).toContain(
      'Verdiene er kopien hos Fjordvik journal, sist oppdatert 20.11.2026 kl. 16.05',
    );
  });

  test('the plan’s zones stand beside, word for word, and no value is put in a zone', () => {
    const zone = {
      ...item('CarePlan'),
      level: 'yellow',
      condition: 'SpO2 88–90 %, mer hoste',
      lines: [],
      standing: 'in-force',
    } as const;
    const plans = known([
      plan({ kind: 'self-treatment', zones: [zone] }),
      plan({
        kind: 'self-treatment',
        standing: 'ended',
        zones: [{ ...zone, condition: 'gammel' }],
      }),
    ]);
    show(recordOf({ plans, measurements: known([measured()]) }), <Measurements />);
    expect(screen.getByText('SpO2 88–90 %, mer hoste')).toBeTruthy();
    expect(document.body.textContent).not.toContain('gammel');
    const row = document.querySelector('[data-item-id^="Observation"]');
    expect(row?.textContent).not.toMatch(/gul|yellow/i);
  });

  test('zones that could not be read are not taken for none', () => {
    const plans = known<never>([], { state: 'failed', failure: { kind: 'timeout' } });
    show(recordOf({ plans, measurements: known([measured()]) }), <Measurements />);
    expect(screen.getByText(/det kan finnes soner som ikke vises her/)).toBeTruthy();
  });

  test('what a clinician wrote stands with date and name', () => {
    const notes = [
      { text: 'Gul sone, kur startet', at: '2026-11-20T10:05:00+01:00', by: 'Geir Målmo' },
    ];
    show(recordOf({ measurements: known([measured({ notes })]) }), <Measurements />);
    expect(
      screen.getByText('20.11.2026 kl. 10.05, Geir Målmo: Gul sone, kur startet'),
    ).toBeTruthy();
  });

  test('blood pressure is shown whole', () => {
    const components = [
      { name: 'Systolisk', ...value({ text: { digits: '123' }, unit: 'mm[Hg]' }) },
      { name: 'Diastolisk', ...value({ text: { digits: '78' }, unit: 'mm[Hg]' }) },
    ];
    const none = value({ text: undefined, number: undefined });
    show(
      recordOf({
        measurements: known([measured({ name: 'Blodtrykk', value: none, components })]),
      }),
      <Measurements />,
    );
    expect(screen.getByRole('heading', { name: /Blodtrykk/ }).textContent).toBe(
      'BlodtrykkSystolisk: 123 mm[Hg] · Diastolisk: 78 mm[Hg]',
    );
  });
});
