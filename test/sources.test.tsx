import { screen, within } from '@testing-library/preact';
import { expect, test, vi } from 'vitest';
import type { Item } from '../src/record/reading.ts';
import type { SourceReading } from '../src/record/sources/sources.ts';
import { Sources } from '../src/sources/Sources.tsx';
import { known, recordOf, show } from './hand-made.tsx';

const kj = (more: Partial<SourceReading> = {}): SourceReading => ({
  label: 'Kjernejournal',
  isEhr: false,
  busy: false,
  sections: [{ name: 'critical', known: known<Item>([], { from: ['Kjernejournal'] }) }],
  ...more,
});

const failed = known<Item>([], {
  state: 'failed',
  failure: { kind: 'timeout' },
  from: ['Kjernejournal'],
  failing: 'Kjernejournal',
});

const source = () => screen.getByRole('region', { name: 'Kjernejournal' });
const isOpen = () => source().querySelector('details')!.open;

test('a source that holds nothing has answered: it is folded, and says «ikke registrert» once', () => {
  show(recordOf({ sources: [kj()] }), <Sources />);
  expect(isOpen()).toBe(false);
  expect(source().textContent).toContain('Kritisk informasjon: ikke registrert');
  expect(document.body.textContent).toContain('1 av 1 kilder svarte');
});

test('a source that does not answer stands open, is named, and can be asked again by itself', () => {
  const refresh = vi.fn(() => Promise.resolve());
  const sections = [{ name: 'critical', known: failed }] as const;
  show(recordOf({ sources: [kj({ sections })], refresh }), <Sources />);
  expect(isOpen()).toBe(true);
  expect(document.body.textContent).toContain('0 av 1 kilder svarte');
  expect(document.body.textContent).toContain('Svarer ikke: Kjernejournal.');
  within(source()).getByRole('button', { name: 'Prøv Kjernejournal igjen' }).click();
  expect(refresh).toHaveBeenCalledExactlyOnceWith('Kjernejournal');
});

test('a source that is being asked has not answered yet, and is not asked twice', () => {
  const refresh = vi.fn(() => Promise.resolve());
  const sections = [{ name: 'critical', known: undefined }] as const;
  show(recordOf({ sources: [kj({ busy: true, sections })], refresh }), <Sources />);
  expect(source().textContent).toContain('henter …');
  expect(source().textContent).not.toMatch(/ikke registrert/i);
  expect(document.body.textContent).toContain('0 av 1 kilder svarte');
  screen.getByRole('button', { name: 'Hent alt på nytt' }).click();
  expect(refresh).not.toHaveBeenCalled();
});

test('what the patient keeps back is said as that, not as a fault', () => {
  const held = known<Item>([], {
    state: 'withheld',
    withheld: 'restricted',
    from: ['Kjernejournal'],
  });
  show(recordOf({ sources: [kj({ sections: [{ name: 'critical', known: held }] })] }), <Sources />);
  expect(source().textContent).toContain('Kritisk informasjon: sperret av pasienten');
  expect(within(source()).queryByRole('button')).toBeNull();
  expect(isOpen()).toBe(true);
});
