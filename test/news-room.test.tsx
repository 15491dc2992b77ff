import { act, cleanup, fireEvent, screen, waitFor } from '@testing-library/preact';
import { beforeEach, describe, expect, test } from 'vitest';
import { News } from '../src/news/News.tsx';
import type { Provenance } from '../src/record/news/provenance.ts';
import type { PatientRecord } from '../src/record/record.ts';
import { ItemBox, itemOrigin } from '../src/shell/ItemBox.tsx';
import { Origin } from '../src/shell/Origin.tsx';
import { Tabs } from '../src/shell/Tabs.tsx';
import {
  contact,
  critical,
  known,
  medicine,
  plan,
  recordOf,
  SAYS_NONE,
  show,
  team,
} from './hand-made.tsx';
import { event } from './hand-made-items.ts';

beforeEach(() => window.localStorage.clear());

const ME = 'https://journal.example/fhir/Practitioner/u-lv';
let users = 0;

/** As somebody whom the history may know; each test is another user, so that no mark is another test's. */
function by(record: PatientRecord): PatientRecord {
  users += 1;
  const user = { sub: `bruker ${users}`, name: 'Sindre Vaktmo', fhirUser: ME };
  return { ...record, session: { ...record.session, user } };
}

const opened = known([event()]);
const sertralin = medicine({
  substance: 'sertralin',
  changed: '2026-11-12',
  changedBy: 'Tuva Poliklin',
  dose: ['150 mg om morgenen'],
  notes: ['ENDRET 100 → 150 mg; venter på fastlegen'],
});

const rows = () => [...document.querySelectorAll('[data-news-kind]')];
const room = () => document.querySelector<HTMLElement>('[data-news]')!;
const ready = () => waitFor(() => expect(room().dataset['news']).not.toBe('loading'));

describe('news', () => {
  test('the medicine stands before the confirmed contact, with dose, the source’s own words, who and where from', async () => {
    const people = [contact({ name: 'Fastlegen', confirmed: '2026-11-13' })];
    show(
      by(
        recordOf({
          history: opened,
          medicines: known([sertralin]),
          plans: known([plan({ from: '2026-01-01', contacts: team(people) })]),
        }),
      ),
      <News />,
    );
    await ready();
    expect(room().textContent).toContain('Siden du så planen 02.11.2026');
    expect(rows().map(row => row.getAttribute('data-news-kind'))).toEqual([
      'medicine',
      'confirmation',
    ]);
    expect(rows()[0]?.textContent).toContain('ENDRET 100 → 150 mg; venter på fastlegen');
    expect(rows()[0]?.textContent).toContain('12.11.2026 · Tuva Poliklin · Fjordvik journal');
  });

  test('marked as read, the list is empty here, and the tab counts nothing; opened again it stays so', async () => {
    const record = by(recordOf({ history: opened, medicines: known([sertralin]) }));
    const both = (
      <>
        <Tabs tabs={['akutt', 'kilder']} shown="akutt" />
        <News />
      </>
    );
    show(record, both);
    await ready();
    await screen.findByRole('tab', { name: /Kilder.*1 nye/ });
    await act(() => void fireEvent.click(screen.getByRole('button', { name: 'Marker som lest' })));
    expect(rows()).toHaveLength(0);
    await screen.findByRole('tab', { name: 'Kilder' });
    cleanup();
    show(record, both);
    await ready();
    expect(rows()).toHaveLength(0);
    expect(room().textContent).not.toMatch(SAYS_NONE);
    cleanup();
    show(by(record), both);
    await ready();
    expect(rows()).toHaveLength(1);
  });

  test('the first time, nothing is listed as new', async () => {
    show(by(recordOf({ medicines: known([sertralin]) })), <News />);
    await ready();
    expect(room().textContent).toContain('Første gang du åpner planen');
    expect(rows()).toHaveLength(0);
  });

  test('a history that did not come is not a first time', async () => {
    const failed = known<Provenance>([], { state: 'failed', failure: { kind: 'timeout' } });
    show(by(recordOf({ history: failed })), <News />);
    await ready();
    expect(room().textContent).not.toContain('Første gang');
    expect(room().textContent).toContain('Vi vet ikke når du sist så planen');
  });

  test('what did not come is named, and nothing can be marked as read before it has', async () => {
    show(
      by(
        recordOf({
          history: opened,
          medicines: known([sertralin]),
          critical: { state: 'loading' },
          results: known<never>([], { state: 'failed', failure: { kind: 'timeout' } }),
        }),
      ),
      <News />,
    );
    await ready();
    expect(room().textContent).toContain('Kan mangle nytt fra kritisk informasjon og prøvesvar.');
    fireEvent.click(screen.getByRole('button', { name: 'Marker som lest' }));
    expect(rows()).toHaveLength(1);
    expect(window.localStorage).toHaveLength(0);
  });

  test('a medicine that is not to be given says so first', async () => {
    const not = medicine({ substance: 'diazepam', changed: '2026-11-12', flags: ['negated'] });
    show(by(recordOf({ history: opened, medicines: known([not]) })), <News />);
    await ready();
    expect(rows()[0]?.textContent).toMatch(/^▲IKKE gi diazepam/);
  });

  test('a medicine that two sources changed the same day is told once, in the words of the first', async () => {
    const elsewhere = medicine({
      substance: 'sertralin',
      changed: '2026-11-12T13:30:00+01:00',
      source: { ...sertralin.source, from: 'Sentral forskrivningsmodul' },
    });
    const both = { ...sertralin, also: [elsewhere] };
    show(by(recordOf({ history: opened, medicines: known([both]) })), <News />);
    await ready();
    expect(rows()).toHaveLength(1);
    expect(rows()[0]?.textContent).toContain('ENDRET 100 → 150 mg');
  });

  test('what has no date is counted, not called new or old', async () => {
    const undated = critical({ recorded: undefined, text: 'Peanøtt' });
    show(by(recordOf({ history: opened, critical: known([undated]) })), <News />);
    await ready();
    expect(rows()).toHaveLength(0);
    expect(room().textContent).toContain('1 opplysninger mangler dato');
    expect(room().textContent).not.toContain('Vi har ikke fått noe nytt');
  });

  test('a source that stamps its answers with the hour it is asked has not changed everything', async () => {
    const stamped = critical({ recorded: '2024-10-01' });
    const asked = new Date('2026-11-21T20:15:00+01:00');
    const item = {
      ...stamped,
      source: { ...stamped.source, lastUpdated: '2026-11-21T20:14:58+01:00' },
    };
    show(by(recordOf({ history: opened, critical: known([item], { asOf: asked }) })), <News />);
    await ready();
    expect(rows()).toHaveLength(0);
  });
});

const openOrigin = async () => {
  const details = document.querySelector<HTMLDetailsElement>('details.origin')!;
  details.open = true;
  await act(() => void fireEvent(details, new Event('toggle')));
  return details;
};

describe('origin', () => {
  beforeEach(() => {
    itemOrigin.value = { Origin };
    return () => {
      itemOrigin.value = {};
    };
  });

  const acute = plan();
  const about = (more: Partial<Provenance>) =>
    event({ targets: [acute.source.ref], opened: false, openedBy: [], ...more });

  test('an item tells its source, resource, version and what was done with it, newest first', async () => {
    const history = known([
      about({ at: '2026-08-27T09:10:00+02:00', what: 'Akuttplan v6', by: 'Tuva Poliklin' }),
      about({ at: '2026-11-12T14:20:00+01:00', what: 'Akuttplan v7', by: 'Tuva Poliklin' }),
      about({ targets: ['CarePlan/another'], what: 'En annen plan' }),
    ]);
    show(recordOf({ history }), <ItemBox item={acute}>Akuttplan</ItemBox>);
    expect(document.querySelector('details.origin dl')).toBeNull();
    const text = (await openOrigin()).textContent ?? '';
    expect(text).toContain('Fjordvik journal');
    expect(text).toContain('CarePlan');
    expect(text).toMatch(
      /12\.11\.2026 kl\. 14\.20 · Akuttplan v7 · Tuva Poliklin.*27\.08\.2026 kl\. 09\.10 · Akuttplan v6/,
    );
    expect(text).not.toContain('En annen plan');
  });

  test('a history that did not come is not an empty one', async () => {
    const failed = known<Provenance>([], { state: 'failed', failure: { kind: 'timeout' } });
    show(recordOf({ history: failed }), <ItemBox item={acute}>Akuttplan</ItemBox>);
    expect((await openOrigin()).textContent).toContain('Historikken kunne ikke hentes.');
  });

  test('what two sources both have tells both', async () => {
    const other = { ...acute, source: { ...acute.source, from: 'Kjernejournal', version: '4' } };
    show(recordOf(), <ItemBox item={{ ...acute, also: [other] }}>Akuttplan</ItemBox>);
    expect((await openOrigin()).textContent).toMatch(/Fjordvik journal.*Kjernejournal/);
  });
});
