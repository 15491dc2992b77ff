import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isRaw, type Raw } from '../src/fhir/ask.ts';
import { countedBy } from '../src/record/evaluating/calculated.ts';
import { chosenForm } from '../src/record/evaluating/chosen-form.ts';
import type { Form, FormItem, ResponseItem } from '../src/record/evaluating/form.ts';
import {
  answersThatCount,
  calculate,
  enabled,
  initialOf,
} from '../src/record/evaluating/form-logic.ts';
import questionnaire from '../src/record/evaluating/questionnaire.json' with { type: 'json' };
import { formOf } from '../src/record/evaluating/read-form.ts';
import { allOf, wordsOf } from '../src/record/evaluating/response.ts';
import { validate } from '../src/sandbox/store/validate.ts';
import { examplesOf } from './official.ts';

const optionsIn = (items: readonly FormItem[]) => items.flatMap(item => item.options);

const edition = (version: string, more: Raw = {}): Raw => ({
  ...questionnaire,
  version,
  ...more,
});

const asks = (operator: string, answer: Raw, ...answers: readonly Raw[]): boolean => {
  const form = formWith(
    { linkId: 'a', type: 'integer' },
    { linkId: 'b', type: 'string', enableWhen: [{ question: 'a', operator, ...answer }] },
  );
  return enabled(named(form, 'b'), answers.length > 0 ? [answered('a', ...answers)] : []);
};

const coding = (code: string, system = 's', display = 'x') => ({
  valueCoding: { system, code, display },
});

const goalStatus = (code: string): ResponseItem => ({
  linkId: 'goal-status',
  item: [
    answered('status', {
      valueCoding: { system: 'http://terminology.hl7.org/CodeSystem/goal-achievement', code },
    }),
  ],
});

const yesOrNo = (yes: boolean): ResponseItem =>
  answered('a', { valueBoolean: yes, item: [answered('b', { valueString: 'fordi' })] });

const whenAnswered = (question: string) => [{ question, operator: 'exists', answerBoolean: true }];

const presentFrom = (outside: boolean): ResponseItem => ({
  linkId: 'present',
  item: [answered('outside', { valueBoolean: outside })],
});

const changeGp = (decides: boolean): ResponseItem => ({
  linkId: 'change',
  item: [answered('gp-decides', { valueBoolean: decides })],
});

/** A Questionnaire with these questions, read. */
function formWith(...item: readonly Raw[]): Form {
  const form = formOf({ resourceType: 'Questionnaire', status: 'active', item }, 'server');
  if (!form) throw new Error('This form cannot be read');
  return form;
}

const everyItem = (items: readonly FormItem[]): readonly FormItem[] =>
  items.flatMap(item => [item, ...everyItem(item.items)]);

const named = (form: Form, linkId: string): FormItem => {
  const found = everyItem(form.items).find(item => item.linkId === linkId);
  if (!found) throw new Error(`No question is called ${linkId}`);
  return found;
};

const answered = (linkId: string, ...answer: readonly Raw[]): ResponseItem => ({ linkId, answer });

describe('Our own form', () => {
  const form = chosenForm([], 'nb');

  test('has six pages, in the order one goes through them', () => {
    expect(form.canonical).toBe('https://example.org/fhir/Questionnaire/no-plan-evaluering|2');
    expect(form.items.map(({ text, control }) => [control, text])).toEqual([
      ['page', 'Hvem var med'],
      ['page', 'Mål'],
      ['page', 'Hva har hjulpet, og hva har ikke hjulpet'],
      ['page', 'Tiltak'],
      ['page', 'Endringer i behandlingen'],
      ['page', 'Neste evaluering'],
    ]);
  });

  test('is valid R4, every question is known here, and no two have one name', () => {
    const items = everyItem(form.items);
    expect(validate(questionnaire)).toEqual([]);
    expect(items.filter(({ type }) => type === 'unknown')).toEqual([]);
    expect(new Set(items.map(({ linkId }) => linkId)).size).toBe(items.length);
  });

  test('every question and every choice has English words too, and the answers stay the same', () => {
    const english = chosenForm([], 'en');
    const [nb, en] = [everyItem(form.items), everyItem(english.items)];
    const same = nb.filter(({ text }, index) => text === en[index]?.text);
    expect(same.map(({ text }) => text)).toEqual(['Form', 'Status']);
    expect(optionsIn(en).map(({ value }) => value)).toEqual(
      optionsIn(nb).map(({ value }) => value),
    );
    expect(named(english, 'patient-participation').options.map(({ label }) => label)).toEqual([
      'Took part',
      'Took part in part',
      'Gave input beforehand',
      'Did not want to take part',
      'Not possible',
    ]);
  });

  test('what must be answered is what the law and the unit’s numbers need', () => {
    const required = everyItem(form.items).filter(item => item.required);
    expect(required.map(({ linkId }) => linkId)).toEqual([
      'date',
      'type',
      'mode',
      'patient-participation',
      'participation-why',
      'present',
      'who',
      'goal',
      'status',
      'status-why',
      'useful',
      'measure',
      'plan-update',
      'ip-update',
      'kind',
      'what',
      'to',
      'why',
      'gp-decides',
      'next-evaluation',
    ]);
  });

  test('help stands beside its question and is no question itself', () => {
    expect(named(form, 'useful').help).toBe('0 er ikke nyttig, 10 er svært nyttig.');
    expect(everyItem(form.items).map(({ linkId }) => linkId)).not.toContain('useful-help');
  });

  test('it begins with its groups and with «oppmøte», and nothing else is answered for anybody', () => {
    const items = initialOf(form);
    expect(items.map(({ linkId }) => linkId)).toEqual(form.items.map(({ linkId }) => linkId));
    expect(answersThatCount(form, items).flatMap(each => each.item ?? [])).toEqual([
      {
        linkId: 'mode',
        text: 'Form',
        answer: [
          {
            valueCoding: {
              system: 'https://example.org/fhir/CodeSystem/no-plan',
              code: 'oppmote',
              display: 'oppmøte',
            },
          },
        ],
      },
    ]);
  });
});

describe('Which edition of the form is used', () => {
  test('the server’s newest active one', () => {
    const found = [edition('2'), edition('10'), edition('9'), edition('11', { status: 'draft' })];
    const { canonical, from } = chosenForm(found, 'nb');
    expect(canonical).toBe('https://example.org/fhir/Questionnaire/no-plan-evaluering|10');
    expect(from).toBe('server');
  });

  test.each([
    ['has none', []],
    ['has another form', [edition('3', { url: 'https://example.org/other' })]],
    ['has one without goals', [edition('3', { item: questionnaire.item.slice(0, 1) })]],
    ['has one we may misunderstand', [edition('3', { modifierExtension: [{ url: 'x' }] })]],
    ['has one that is broken', [edition('3', { item: [{ linkId: 7 }] })]],
  ])('ours, when the server %s', (_, found) => {
    expect(chosenForm(found, 'nb').from).toBe('own');
  });
});

describe('Whether a question is asked (enableWhen)', () => {
  test.each([
    ['exists', { answerBoolean: true }, [{ valueInteger: 0 }], true],
    ['exists', { answerBoolean: true }, [], false],
    ['exists', { answerBoolean: true }, [{ valueString: ' ' }], false],
    ['exists', { answerBoolean: false }, [], true],
    ['exists', { answerBoolean: false }, [{ valueBoolean: false }], false],
    ['=', { answerInteger: 3 }, [{ valueInteger: 3 }], true],
    ['=', { answerInteger: 3 }, [{ valueInteger: 4 }], false],
    ['=', { answerInteger: 3 }, [{ valueInteger: 4 }, { valueInteger: 3 }], true],
    ['=', { answerBoolean: false }, [{ valueBoolean: false }], true],
    ['=', { answerBoolean: false }, [], false],
    ['=', { answerString: 'ja' }, [{ valueString: 'ja' }], true],
    ['=', { answerCoding: { system: 's', code: 'c' } }, [coding('c')], true],
    ['=', { answerCoding: { system: 's', code: 'c' } }, [coding('c', 't')], false],
    ['=', { answerCoding: { code: 'c' } }, [coding('c', 't')], true],
    ['=', { answerReference: { reference: 'Goal/1' } }, [ref('Goal/1')], true],
    ['=', { answerReference: { reference: 'Goal/1' } }, [ref('Goal/2')], false],
    ['!=', { answerInteger: 3 }, [{ valueInteger: 4 }], true],
    ['!=', { answerInteger: 3 }, [{ valueInteger: 3 }, { valueInteger: 4 }], false],
    ['!=', { answerInteger: 3 }, [], true],
    ['>', { answerInteger: 3 }, [{ valueInteger: 4 }], true],
    ['>', { answerInteger: 3 }, [{ valueInteger: 3 }], false],
    ['>', { answerInteger: 3 }, [], false],
    ['>', { answerDecimal: 3.5 }, [{ valueDecimal: 3.6 }], true],
    ['<', { answerInteger: 3 }, [{ valueInteger: 2 }], true],
    ['<', { answerString: 'b' }, [{ valueString: 'a' }], false],
    ['>=', { answerDate: '2026-11-21' }, [{ valueDate: '2026-11-21' }], true],
    ['>=', { answerDate: '2026-11-21' }, [{ valueDate: '2026-11-20' }], false],
    ['<=', { answerTime: '08:00:00' }, [{ valueTime: '07:59:00' }], true],
    [
      '>',
      { answerDateTime: '2026-11-21T20:00:00+01:00' },
      [{ valueDateTime: '2026-11-21T19:30:00Z' }],
      true,
    ],
    [
      '>',
      { answerQuantity: { value: 3, code: 'mg' } },
      [{ valueQuantity: { value: 4, code: 'mg' } }],
      true,
    ],
    [
      '>',
      { answerQuantity: { value: 3, code: 'mg' } },
      [{ valueQuantity: { value: 4, code: 'g' } }],
      false,
    ],
  ])('%s %j, answered %j: %s', (operator, wanted, answers, expected) => {
    expect(asks(operator, wanted, ...answers)).toBe(expected);
  });

  test('any of several conditions is enough, unless all are demanded', () => {
    const both = [
      { question: 'a', operator: '=', answerInteger: 1 },
      { question: 'b', operator: '=', answerInteger: 2 },
    ];
    const form = formWith(
      { linkId: 'any', type: 'string', enableWhen: both, enableBehavior: 'any' },
      { linkId: 'all', type: 'string', enableWhen: both, enableBehavior: 'all' },
    );
    const half = [answered('a', { valueInteger: 1 })];
    const whole = [...half, answered('b', { valueInteger: 2 })];
    expect(enabled(named(form, 'any'), half)).toBe(true);
    expect(enabled(named(form, 'all'), half)).toBe(false);
    expect(enabled(named(form, 'all'), whole)).toBe(true);
  });

  test('of several goals, the one the question stands in decides', () => {
    const form = chosenForm([], 'nb');
    const why = named(form, 'status-why');
    const [better, worse] = [goalStatus('improving'), goalStatus('worsening')];
    const page: ResponseItem = { linkId: 'page-goals', item: [better, worse] };
    expect(enabled(why, [page], [page, better])).toBe(false);
    expect(enabled(why, [page], [page, worse])).toBe(true);
  });

  test('outside the groups, what was answered last before the question decides', () => {
    const form = formWith({
      linkId: 'q',
      type: 'string',
      enableWhen: [{ question: 'a', operator: '=', answerInteger: 2 }],
    });
    const group = (n: number) => ({ linkId: 'g', item: [answered('a', { valueInteger: n })] });
    const q = answered('q', { valueString: 'x' });
    expect(enabled(named(form, 'q'), [group(1), group(2), q, group(1)])).toBe(true);
    expect(enabled(named(form, 'q'), [group(2), group(1), q, group(2)])).toBe(false);
    expect(enabled(named(form, 'q'), [q, group(2), group(1)])).toBe(true);
  });

  test('a question under another is found, and finds, where R4 has it stand', () => {
    const form = formWith({
      linkId: 'a',
      type: 'boolean',
      item: [
        {
          linkId: 'b',
          type: 'string',
          enableWhen: [{ question: 'a', operator: '=', answerBoolean: true }],
        },
      ],
    });
    expect(wordsOf(answersThatCount(form, [yesOrNo(true)]), 'b')).toEqual(['fordi']);
    expect(wordsOf(answersThatCount(form, [yesOrNo(false)]), 'b')).toEqual([]);
  });

  test('an answer to a question that is no longer asked does not count, nor does what hangs on it', () => {
    const form = formWith(
      { linkId: 'a', type: 'string' },
      { linkId: 'b', type: 'string', enableWhen: whenAnswered('a') },
      { linkId: 'c', type: 'string', enableWhen: whenAnswered('b') },
    );
    const said = ['b', 'c'].map(linkId => answered(linkId, { valueString: 'x' }));
    expect(answersThatCount(form, said)).toEqual([]);
    expect(answersThatCount(form, [answered('a', { valueString: 'x' }), ...said])).toHaveLength(3);
  });
});

function ref(reference: string): Raw {
  return { valueReference: { reference, display: 'Et mål' } };
}

describe('What is calculated', () => {
  const form = chosenForm([], 'nb');

  test('how many came from outside, and how many changes the GP must decide', () => {
    const items = [
      { linkId: 'page-present', item: [presentFrom(true), presentFrom(false), presentFrom(true)] },
      { linkId: 'page-changes', item: [changeGp(true), changeGp(false)] },
      { linkId: 'page-next', item: [] },
    ];
    const counted = calculate(form, items);
    expect(wordsOf(counted, 'outside-count')).toEqual(['2']);
    expect(wordsOf(counted, 'gp-decides-count')).toEqual(['1']);
    expect(wordsOf(calculate(form, counted), 'outside-count')).toEqual(['2']);
  });

  test('an answer stands where the form has its question', () => {
    const [page] = calculate(form, [{ linkId: 'page-present', item: [presentFrom(true)] }]);
    expect(page?.item?.map(({ linkId }) => linkId)).toEqual(['present', 'outside-count']);
  });

  test.each([
    "%resource.item.where(linkId='a').answer.value.count()",
    "%questionnaireresponse.repeat(item).where(linkId='a').answer.count()",
    "%resource.item.where(linkId='a').answer.where(value=true).count()",
  ])('%s is understood', expression => {
    expect(countedBy(expression, [answered('a', { valueBoolean: true })])).toBe(1);
  });

  test.each([
    "%resource.item.where(linkId='a').answer.value.sum()",
    '%patient.name.count()',
    "%resource.item.where(linkId='a' or true).count()",
    'today()',
    '%resource.item.count() + 1',
    "%resource.descendants().where(linkId='a').count()",
  ])('%s is left alone: no answer is better than a wrong one', expression => {
    expect(countedBy(expression, [answered('a', { valueBoolean: true })])).toBeUndefined();
  });
});

describe('Anybody’s form', () => {
  test('a question of a kind we cannot show keeps its place and says so', () => {
    const form = formWith(
      { linkId: 'a', type: 'quantity', text: 'Vekt' },
      { linkId: 'b', type: 'choice', text: 'Land', answerValueSet: 'http://example.org/land' },
      { linkId: 'c', type: 'open-choice', answerValueSet: 'http://example.org/land' },
    );
    expect(form.items.map(({ type, text }) => [type, text])).toEqual([
      ['unknown', 'Vekt'],
      ['unknown', 'Land'],
      ['open-choice', undefined],
    ]);
  });

  test('a form in which two questions have one name is not read: whose answer is it?', () => {
    const item = [
      { linkId: 'a', type: 'string' },
      { linkId: 'b', type: 'group', item: [{ linkId: 'a', type: 'string' }] },
    ];
    expect(formOf({ resourceType: 'Questionnaire', item }, 'server')).toBeUndefined();
  });

  test('choices may lie in a value set the form carries with it', () => {
    const form = formOf(
      {
        resourceType: 'Questionnaire',
        contained: [
          {
            resourceType: 'ValueSet',
            id: 'vs',
            compose: { include: [{ system: 's', concept: [{ code: 'a', display: 'Alfa' }] }] },
          },
        ],
        item: [{ linkId: 'q', type: 'choice', answerValueSet: '#vs' }],
      },
      'server',
    );
    expect(form?.items[0]?.options).toEqual([
      { value: { valueCoding: { system: 's', code: 'a', display: 'Alfa' } }, label: 'Alfa' },
    ]);
  });

  const examples = examplesOf(new Set(['Questionnaire']));

  test('HL7’s own examples: each is read whole, begun, calculated and cleaned without a fault', () => {
    expect(examples.length).toBeGreaterThan(5);
    for (const raw of examples) {
      const form = formOf(raw, 'server');
      expect(form, String(raw['id'])).toBeDefined();
      if (!form) continue;
      expect(everyItem(form.items).length + helpsIn(raw['item'])).toBe(countOf(raw['item']));
      const items = calculate(form, initialOf(form));
      answersThatCount(form, items);
      for (const item of everyItem(form.items)) enabled(item, items, items);
    }
  });

  test('whatever has been answered in them, what counts is among it and stays when cleaned again', () => {
    const forms = examples.flatMap(raw => formOf(raw, 'server') ?? []);
    fc.assert(
      fc.property(fc.constantFrom(...forms), fc.array(fc.nat(9), ENOUGH), (form, numbers) => {
        let at = 0;
        const next = () => numbers[(at += 1) % numbers.length] ?? 0;
        const items = form.items.flatMap(item => somehow(item, next, 0));
        const counting = answersThatCount(form, items);
        expect(answersThatCount(form, counting)).toEqual(counting);
        for (const item of everyItem(form.items))
          expect(allOf(counting, item.linkId).length).toBeLessThanOrEqual(
            allOf(items, item.linkId).length,
          );
        calculate(form, items);
      }),
      { numRuns: 200 },
    );
  });
});

const ENOUGH = { minLength: 20, maxLength: 200 };

/** Answers of the right kind, of a wrong kind, several, or none. */
function somehow(item: FormItem, next: () => number, depth: number): readonly ResponseItem[] {
  // Two of everything at every depth of a deep form would be more answers than anybody gives.
  const several = depth < 2 ? 3 : 2;
  return Array.from({ length: next() % several }, (): ResponseItem => {
    const below = item.items.flatMap(each => somehow(each, next, depth + 1));
    if (item.type === 'group') return { linkId: item.linkId, item: below };
    const values: readonly Raw[] = [
      { valueBoolean: next() % 2 === 0 },
      { valueInteger: next() },
      { valueString: '' },
      { valueDate: '2026-11-21' },
      ...item.options.map(({ value }) => value),
    ];
    const value = values[next() % values.length] ?? {};
    return { linkId: item.linkId, answer: [below.length > 0 ? { ...value, item: below } : value] };
  });
}

const itemsIn = (value: unknown): readonly Raw[] => [value].flat().filter(isRaw);

const countOf = (value: unknown): number =>
  itemsIn(value).reduce((n, { item }) => n + 1 + countOf(item), 0);

const helpsIn = (value: unknown): number =>
  itemsIn(value).reduce(
    (n, each) =>
      n +
      Number(each['type'] === 'display' && JSON.stringify(each).includes('"help"')) +
      helpsIn(each['item']),
    0,
  );
