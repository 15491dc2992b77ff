import { expect, test } from 'vitest';
import { mergeCopies } from '../src/record/plans/plan-copies.ts';
import { plan } from './hand-made.tsx';

const VERSION = 'https://example.org/fhir/NamingSystem/no-plan-version|7';

const from = (source: string, ...identifiers: readonly string[]) => {
  const one = plan({ identifiers });
  return { ...one, source: { ...one.source, from: source } };
};

test('the seventh version in two sources is not the same plan for that', () => {
  const plans = [from('Journal', VERSION), from('Kommune', VERSION)];
  expect(mergeCopies(plans)).toEqual(plans);
});

test('the same identifier and the same words are one plan, and the copy is kept', () => {
  const [one, copy] = [from('Journal', VERSION, 's|1'), from('Kommune', 's|1')];
  expect(mergeCopies([one, copy])).toEqual([{ ...one, also: [copy] }]);
});

test('one source that sends a plan twice is shown as it is', () => {
  const plans = [from('Journal', 's|1'), from('Journal', 's|1')];
  expect(mergeCopies(plans)).toEqual(plans);
});
