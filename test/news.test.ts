import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Session } from '../src/fhir/session.ts';
import { newsRow } from '../src/news/news-view.ts';
import type { Change } from '../src/record/news/change.ts';
import { type News, newsSince } from '../src/record/news/changes.ts';
import { lastOpening, openMark } from '../src/record/news/last-look.ts';
import type { Known, Reading } from '../src/record/reading.ts';
import type { PatientRecord } from '../src/record/record.ts';
import { type Bench, bench } from './bench.ts';

const LOOK = '2026-11-02T23:40:00+01:00';

const knownIn = <T>(reading: Reading<T>): Known<T> | undefined =>
  reading.state === 'loading' ? undefined : reading;

function newsOf(record: PatientRecord, look: string): News {
  const sections = {
    critical: knownIn(record.critical.value),
    medicines: knownIn(record.medicines.value),
    plans: knownIn(record.plans.value),
    teams: record.teams.value,
    evaluations: knownIn(record.evaluations.value),
    documents: knownIn(record.documents.value),
    results: knownIn(record.results.value),
    history: knownIn(record.history.value),
  };
  return newsSince(look, sections, record.session.clock.now());
}

const as = ({ session }: Bench, id: string): Session => ({
  ...session,
  user: { sub: id, name: id, fhirUser: `${session.iss}/Practitioner/${id}` },
});

const historyOf = (record: PatientRecord) => knownIn(record.history.value)?.items ?? [];
const told = (change: Change) => {
  const { not, title, how, details, when } = newsRow(change);
  return [not, title, how, ...details, when].filter(Boolean).join(' | ');
};

describe('when somebody last looked', () => {
  test('the emergency doctor opened Maja’s plan on 2 November, says the EHR’s own history', async () => {
    const b = await bench();
    const record = await b.record();
    const opened = lastOpening(historyOf(record), as(b, 'u-lv'), b.session.clock.now());
    expect(opened).toBe(LOOK);
  });

  test('what one user opened is not what another has seen', async () => {
    const b = await bench();
    const record = await b.record();
    for (const other of ['u-psy', 'u-gp'])
      expect(lastOpening(historyOf(record), as(b, other), b.session.clock.now())).toBeUndefined();
    expect(lastOpening(historyOf(record), b.session, b.session.clock.now())).toBeUndefined();
  });

  test('an opening a moment ago is the launch itself, and hides nothing', async () => {
    const b = await bench();
    const record = await b.record();
    const atTheLaunch = new Date('2026-11-02T23:45:00+01:00');
    expect(lastOpening(historyOf(record), as(b, 'u-lv'), atTheLaunch)).toBeUndefined();
  });
});

describe('what is new', () => {
  test('since 2 November: the most dangerous first, each with its date, who and where from', async () => {
    const record = await (await bench()).record();
    const { changes } = newsOf(record, LOOK);
    expect(changes.map(told)).toMatchInlineSnapshot(`
      [
        "Har tverretatlig akuttplan – se planen før innleggelse vurderes | Annen prosedyreendring, ny | Gyldig til 12.05.2027 | 12.11.2026 · Tuva Poliklin · Sandkassen",
        "sertralin | endret | 150 mg om morgenen | ENDRET 100 → 150 mg; venter på fastlegen | 12.11.2026 · Tuva Poliklin · Sandkassen",
        "prometazin | ny | 25 mg ved uro, inntil 2 per døgn | NY; venter på fastlegen. Utleveres ukentlig | 12.11.2026 · Tuva Poliklin · Sandkassen",
        "kvetiapin | Seponert | SEPONERT: tretthet og vektøkning; venter på fastlegen | 12.11.2026 · Tuva Poliklin · Sandkassen",
        "Fem endringer sendt til fastlege | 12.11.2026 · Tuva Poliklin · Sandkassen",
        "Evaluering registrert | 12.11.2026 · Tuva Poliklin · Sandkassen",
        "Behandlingsplan v3 | endret | Neste evaluering 07.01.2027 | 12.11.2026 · Sandkassen",
        "Akuttplan v7 | ny | Akuttplan v7: prometazin lagt inn, åpningstid i helg rettet for AAT, ny frist for evaluering | Neste evaluering 07.01.2027 | 12.11.2026 · Tuva Poliklin · Sandkassen",
        "Evaluering registrert | planlagt | Neste evaluering 07.01.2027 | 12.11.2026 · Tuva Poliklin · Sandkassen",
        "Evaluering registrert | Behandlingsplan v3 | Neste evaluering 07.01.2027 | 12.11.2026 · Sandkassen",
        "Behandlingsplan DPS v3 | ny | 13.11.2026 · Fjordvik DPS · Sandkassen",
        "Akuttplan v7 (PDF) | ny | 12.11.2026 · Fjordvik DPS · Sandkassen",
        "Kontakter bekreftet: Ambulant akutteam, Døgnenhet DPS – brukerstyrt plass, Kommunens kveldsteam, Thea Testdal og Tuva Poliklin | 12.11.2026 · Sandkassen",
      ]
    `);
  });

  test('the plan and what the history says of it the same day are one line', async () => {
    const record = await (await bench()).record();
    const { changes } = newsOf(record, LOOK);
    const saying = changes.filter(change =>
      change.told.some(({ what }) => what?.startsWith('Akuttplan v7')),
    );
    expect(saying.map(({ kind, ref }) => [kind, ref])).toEqual([
      ['plan', 'CarePlan/p1-plan-akutt'],
    ]);
  });

  test('nothing the history tells after the look is lost, and what is older or a mere look is not told', async () => {
    const record = await (await bench()).record();
    const { changes } = newsOf(record, LOOK);
    const whats = changes.flatMap(change => change.told.map(({ what }) => what));
    expect(whats).toHaveLength(3);
    expect(new Set(whats)).toEqual(
      new Set([
        'Akuttplan v7: prometazin lagt inn, åpningstid i helg rettet for AAT, ny frist for evaluering',
        'Evaluering registrert',
        'Fem endringer sendt til fastlege',
      ]),
    );
  });

  test('whoever looked just now has nothing new', async () => {
    const b = await bench();
    const record = await b.record();
    expect(newsOf(record, b.session.clock.now().toISOString()).changes).toEqual([]);
  });

  test('Olav’s HLR-minus comes before his medicines, and they before his plan', async () => {
    const record = await (await bench({ patient: 'p2' })).record();
    const { changes } = newsOf(record, '2026-11-12T08:00:00+01:00');
    const [first] = changes;
    expect(first && told(first)).toContain('HLR-minus');
    const kinds = [...new Set(changes.map(({ kind }) => kind))];
    expect(kinds.slice(0, 2)).toEqual(['critical', 'medicine']);
    expect(kinds.indexOf('medicine')).toBeLessThan(kinds.indexOf('plan'));
    expect(kinds.at(-1)).toBe('confirmation');
  });

  test('a history that does not come takes nothing else away', async () => {
    const b = await bench();
    await b.scenario({ match: 'GET /fhir/Provenance', status: 500 });
    const record = await b.record();
    expect(record.history.value.state).toBe('failed');
    const { changes } = newsOf(record, LOOK);
    expect(changes.some(({ kind }) => kind === 'medicine')).toBe(true);
  });
});

describe('the mark on this machine', () => {
  const kept = new Map<string, string>();
  beforeEach(() => {
    kept.clear();
    vi.stubGlobal('window', {
      localStorage: {
        getItem: (key: string) => kept.get(key) ?? null,
        setItem: (key: string, value: string) => kept.set(key, value),
      },
    });
  });
  afterEach(() => vi.unstubAllGlobals());

  test('holds a digest and a time, and nothing of the patient, the user or the server', async () => {
    const b = await bench();
    const session = as(b, 'u-lv');
    (await openMark(session)).put(new Date('2026-11-21T19:15:00Z'));
    expect([...kept.values()]).toEqual(['2026-11-21T19:15:00.000Z']);
    expect([...kept.keys()].join()).toMatch(/^[0-9a-f]{64}$/);
    expect((await openMark(session)).at.value).toBe('2026-11-21T19:15:00.000Z');
  });

  test('is this user’s and this patient’s alone', async () => {
    const b = await bench({ patient: 'p2' });
    (await openMark(as(b, 'u-ger'))).put(new Date('2026-11-21T19:15:00Z'));
    expect((await openMark(as(b, 'u-hjt'))).at.value).toBeUndefined();
    const another = { ...as(b, 'u-ger'), patient: 'Patient/p3' as const };
    expect((await openMark(another)).at.value).toBeUndefined();
  });

  test('lasts as long as the page where storage is denied, and says so', async () => {
    vi.stubGlobal('window', {
      get localStorage(): never {
        throw new DOMException('denied', 'SecurityError');
      },
    });
    const b = await bench({ patient: 'p4' });
    const mark = await openMark(as(b, 'u-lv'));
    mark.put(new Date('2026-11-21T19:15:00Z'));
    expect(mark.kept.value).toBe(false);
    expect((await openMark(as(b, 'u-lv'))).at.value).toBe('2026-11-21T19:15:00.000Z');
  });

  test('is not stored for somebody who is not proven', async () => {
    const b = await bench({ patient: 'p3' });
    const mark = await openMark(b.session);
    mark.put(new Date('2026-11-21T19:15:00Z'));
    expect([mark.kept.value, kept.size]).toEqual([false, 0]);
  });

  test('a mark that is no time, or lies ahead, hides nothing', async () => {
    const b = await bench({ patient: 'p5' });
    const session = as(b, 'u-psy');
    (await openMark(session)).put(new Date('2026-11-21T19:15:00Z'));
    const [key = ''] = kept.keys();
    vi.resetModules();
    const fresh = await import('../src/record/news/last-look.ts');
    for (const broken of ['2031-01-01T00:00:00Z', 'i går']) {
      kept.set(key, broken);
      expect((await fresh.openMark(session)).at.value).toBeUndefined();
    }
  });
});
