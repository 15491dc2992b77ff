import { fireEvent, render, screen, within } from '@testing-library/preact';
import { beforeEach, describe, expect, test } from 'vitest';
import { openAutosave } from '../src/evaluation/autosave.ts';
import { type Filling, fill } from '../src/evaluation/filling.ts';
import { Steps } from '../src/evaluation/Steps.tsx';
import type { Occasion } from '../src/record/evaluating/evaluating.ts';
import type { FormItem } from '../src/record/evaluating/form.ts';
import { formOf } from '../src/record/evaluating/read-form.ts';
import { RecordProvider } from '../src/record/record.ts';
import { known, medicine, recordOf } from './hand-made.tsx';
import { asked, formWith, occasion, option, ownOccasion } from './hand-made-form.ts';
import { machine } from './machine.ts';
import { questionnaires } from './official.ts';

let record = recordOf();
beforeEach(() => {
  record = recordOf();
});

function show(about: Occasion): Filling {
  const { outbox } = machine().open(record.session);
  const autosave = openAutosave(
    outbox.drafts,
    { name: 'evaluation', plan: 'CarePlan/1' },
    () => new Date(0),
  );
  const filling = fill(about, autosave, undefined);
  render(
    <RecordProvider value={record}>
      <Steps filling={filling} />
    </RecordProvider>,
  );
  return filling;
}

const ask = (...items: readonly FormItem[]) => show(occasion({ form: formWith(...items) }));
const answers = ({ items }: Filling, linkId: string) =>
  items.value.filter(item => item.linkId === linkId).flatMap(({ answer }) => answer ?? []);
const type = (element: Element, value: string) => fireEvent.input(element, { target: { value } });

const goTo = (it: Filling, title: string) =>
  it.go(it.pages.findIndex(({ text }) => text === title));

describe('a question is asked by its type', () => {
  test('text is written on one line or several', () => {
    const it = ask(
      asked({ linkId: 'kort', type: 'string' }),
      asked({ linkId: 'lang', type: 'text' }),
    );
    type(screen.getByRole('textbox', { name: 'kort' }), 'Ring Thea');
    type(screen.getByRole('textbox', { name: 'lang' }), 'a\nb');
    expect(screen.getByRole('textbox', { name: 'lang' }).tagName).toBe('TEXTAREA');
    expect(answers(it, 'kort')).toEqual([{ valueString: 'Ring Thea' }]);
    expect(answers(it, 'lang')).toEqual([{ valueString: 'a\nb' }]);
    type(screen.getByRole('textbox', { name: 'kort' }), '');
    expect(answers(it, 'kort')).toEqual([]);
  });

  test('a number may have a comma, and what is not a number is kept as it was written', () => {
    const it = ask(
      asked({ linkId: 'vekt', type: 'decimal' }),
      asked({ linkId: 'ganger', type: 'integer' }),
    );
    type(screen.getByRole('textbox', { name: 'vekt' }), '71,5');
    type(screen.getByRole('textbox', { name: 'ganger' }), 'to');
    expect(answers(it, 'vekt')).toEqual([{ valueDecimal: 71.5 }]);
    expect(answers(it, 'ganger')).toEqual([{ valueInteger: 'to' }]);
    expect(it.missing.value).toContainEqual({
      linkId: 'ganger',
      why: 'not-a-number',
      about: undefined,
    });
    expect(screen.getByRole<HTMLInputElement>('textbox', { name: 'ganger' }).value).toBe('to');
  });

  test('a scale has a number beside it, and is unanswered until somebody answers', () => {
    const it = ask(asked({ linkId: 'skår', type: 'integer', control: 'slider', min: 0, max: 10 }));
    const slider = screen.getByRole('slider', { name: 'skår' });
    expect(slider.getAttribute('aria-valuetext')).toBe('ikke besvart');
    expect(answers(it, 'skår')).toEqual([]);
    type(screen.getByRole('textbox', { name: 'skår' }), '6');
    expect(slider).toHaveProperty('value', '6');
    type(slider, '8');
    expect(answers(it, 'skår')).toEqual([{ valueInteger: 8 }]);
    type(screen.getByRole('textbox', { name: 'skår' }), '');
    expect(answers(it, 'skår')).toEqual([]);
  });

  test('a date, a time, and a moment with its offset', () => {
    const it = ask(
      asked({ linkId: 'dag', type: 'date' }),
      asked({ linkId: 'klokke', type: 'time' }),
      asked({ linkId: 'møte', type: 'dateTime' }),
    );
    type(screen.getByLabelText('dag'), '2027-01-07');
    type(screen.getByLabelText('klokke'), '14:20');
    type(screen.getByLabelText('møte'), '2027-01-07T14:20');
    expect(answers(it, 'dag')).toEqual([{ valueDate: '2027-01-07' }]);
    expect(answers(it, 'klokke')).toEqual([{ valueTime: '14:20:00' }]);
    expect(answers(it, 'møte')).toEqual([
      { valueDateTime: expect.stringMatching(/^2027-01-07T14:20:00(Z|[+-]\d\d:\d\d)$/) },
    ]);
    expect(screen.getByLabelText('møte')).toHaveProperty('value', '2027-01-07T14:20');
  });

  test('yes or no is neither until somebody says which', () => {
    const it = ask(asked({ linkId: 'samtykke', type: 'boolean' }));
    const group = within(screen.getByRole('radiogroup', { name: 'samtykke' }));
    expect(answers(it, 'samtykke')).toEqual([]);
    fireEvent.click(group.getByRole('radio', { name: 'Nei' }));
    expect(answers(it, 'samtykke')).toEqual([{ valueBoolean: false }]);
    fireEvent.click(screen.getByRole('button', { name: 'Fjern svaret' }));
    expect(answers(it, 'samtykke')).toEqual([]);
  });

  test('of several one is chosen, by radios or from a list as the author of the form asks', () => {
    const options = [option('oppmøte'), option('video')];
    const it = ask(
      asked({ linkId: 'a', type: 'choice', options, control: 'radio-button' }),
      asked({ linkId: 'b', type: 'choice', options, control: 'drop-down' }),
    );
    fireEvent.click(screen.getByRole('radio', { name: 'video' }));
    fireEvent.change(screen.getByRole('combobox', { name: 'b' }), { target: { value: '0' } });
    expect(answers(it, 'a')).toEqual([option('video').value]);
    expect(answers(it, 'b')).toEqual([option('oppmøte').value]);
  });

  test('of several some are ticked, and an answer in own words stands beside them', () => {
    const options = [option('utredning'), option('behandling')];
    const it = ask(asked({ linkId: 'behov', type: 'open-choice', options, repeats: true }));
    fireEvent.click(screen.getByRole('checkbox', { name: 'utredning' }));
    fireEvent.click(screen.getByRole('checkbox', { name: 'behandling' }));
    type(screen.getByRole('textbox', { name: 'Annet' }), 'tolk');
    fireEvent.click(screen.getByRole('checkbox', { name: 'utredning' }));
    expect(answers(it, 'behov')).toEqual([option('behandling').value, { valueString: 'tolk' }]);
  });

  test('a person or a goal is chosen among those the plan names', () => {
    const it = ask(asked({ linkId: 'hvem', type: 'reference', control: 'drop-down' }));
    const list = screen.getByRole('combobox', { name: 'hvem' });
    const names = within(list)
      .getAllByRole('option')
      .map(({ textContent }) => textContent);
    expect(names).toEqual([
      'Velg',
      'Tuva Poliklin, Fjordvik DPS',
      'Silje Samrud, Fjordvik kommune',
      'Thea',
      'Jeg vil klare kvelden',
      'Jeg vil sove',
    ]);
    fireEvent.change(list, { target: { value: '1' } });
    expect(answers(it, 'hvem')).toMatchObject([
      { valueReference: { reference: 'PractitionerRole/2' } },
    ]);
  });

  test('a question of a kind that cannot be answered here says so', () => {
    ask(asked({ linkId: 'Last opp bilde', type: 'unknown' }));
    expect(screen.getByText(/Last opp bilde/).closest('p')?.textContent).toBe(
      'Last opp bilde: dette spørsmålet kan ikke besvares her. Bruk journalen.',
    );
  });

  test('what is calculated is shown, and nobody can write over it', () => {
    const counted = "%resource.repeat(item).where(linkId='ute').answer.where(value=true).count()";
    ask(
      asked({ linkId: 'ute', type: 'boolean', control: 'check-box' }),
      asked({ linkId: 'antall', type: 'integer', readOnly: true, calculated: counted }),
    );
    fireEvent.click(screen.getByRole('checkbox', { name: 'ute' }));
    expect(screen.getByText('antall').closest('p')?.textContent).toBe('antall 1');
    expect(screen.queryByRole('textbox')).toBeNull();
  });

  test('a question below another is asked when that one is answered, and stands under its answer', () => {
    const why = asked({ linkId: 'hvorfor', type: 'string' });
    const it = ask(asked({ linkId: 'ja', type: 'boolean', items: [why] }));
    expect(screen.queryByRole('textbox', { name: 'hvorfor' })).toBeNull();
    fireEvent.click(screen.getByRole('radio', { name: 'Ja' }));
    type(screen.getByRole('textbox', { name: 'hvorfor' }), 'fordi');
    fireEvent.click(screen.getByRole('radio', { name: 'Nei' }));
    expect(answers(it, 'ja')).toEqual([
      { valueBoolean: false, item: [{ linkId: 'hvorfor', answer: [{ valueString: 'fordi' }] }] },
    ]);
  });

  test('a group that may be several is added to and taken from, and says which of them', () => {
    const inner = asked({ linkId: 'hva', type: 'string' });
    const it = ask(
      asked({ linkId: 'g', text: 'Endring', type: 'group', repeats: true, items: [inner] }),
    );
    fireEvent.click(screen.getByRole('button', { name: 'Legg til: endring' }));
    fireEvent.click(screen.getByRole('button', { name: 'Legg til: endring' }));
    type(screen.getByRole('textbox', { name: 'Endring 1 hva' }), 'en');
    type(screen.getByRole('textbox', { name: 'Endring 2 hva' }), 'to');
    fireEvent.click(screen.getByRole('button', { name: 'Fjern Endring 1' }));
    expect(it.items.value).toMatchObject([{ item: [{ answer: [{ valueString: 'to' }] }] }]);
    expect(document.activeElement?.textContent).toBe('Legg til: endring');
  });

  test('help stands beside the question and is read out with it', () => {
    ask(asked({ linkId: 'skår', type: 'integer', help: '0 er verst' }));
    const described = screen
      .getByRole('textbox', { name: 'skår' })
      .getAttribute('aria-describedby');
    expect(document.getElementById(described ?? '')?.textContent).toBe('0 er verst');
  });

  test('a hidden question is not asked', () => {
    ask(asked({ linkId: 'gp', type: 'text', hidden: true }), asked({ linkId: 'b', type: 'text' }));
    expect(screen.getAllByRole('textbox')).toHaveLength(1);
  });
});

test('every question of every form among HL7’s examples is asked, or said not to be answerable here', () => {
  expect(questionnaires.length).toBeGreaterThan(5);
  const shown = (item: FormItem): readonly FormItem[] =>
    item.hidden || item.enableWhen.length > 0 || (item.type === 'group' && item.repeats)
      ? []
      : [item, ...(item.type === 'group' ? item.items.flatMap(shown) : [])];
  let seen = 0;
  for (const raw of questionnaires) {
    const form = formOf(raw, 'server');
    if (!form) continue;
    const { pages, go } = show(occasion({ form }));
    for (const [index, page] of pages.entries()) {
      go(index);
      const said = document.body.textContent ?? '';
      for (const { text } of page.items.flatMap(shown)) {
        if (!text) continue;
        expect(said).toContain(text);
        seen += 1;
      }
    }
    document.body.replaceChildren();
  }
  expect(seen).toBeGreaterThan(25);
});

describe('our own form', () => {
  test("each goal stands in the patient's own words, and its answers are read out as that goal's", async () => {
    const it = show(ownOccasion());
    goTo(it, 'Mål');
    const status = await screen.findByRole('radiogroup', { name: '«Jeg vil sove» Status' });
    fireEvent.click(within(status).getByRole('radio', { name: 'Delvis nådd' }));
    type(screen.getByRole('textbox', { name: '«Jeg vil sove» Pasientens egen skår' }), '7');
    const [, second] = it.items.value
      .flatMap(({ item }) => item ?? [])
      .filter(({ linkId }) => linkId === 'goal-status');
    expect(second?.item).toMatchObject([
      { linkId: 'goal' },
      { linkId: 'status', answer: [{ valueCoding: { code: 'improving' } }] },
      { linkId: 'own-score', answer: [{ valueInteger: 7 }] },
    ]);
  });

  test('a goal that has become worse asks for one line about that goal, and about no other', async () => {
    const it = show(ownOccasion());
    goTo(it, 'Mål');
    const status = await screen.findByRole('radiogroup', {
      name: '«Jeg vil klare kvelden» Status',
    });
    fireEvent.click(within(status).getByRole('radio', { name: 'Verre enn før' }));
    expect(screen.getAllByRole('textbox', { name: /Hva er verre/ })).toEqual([
      screen.getByRole('textbox', { name: '«Jeg vil klare kvelden» Hva er verre?' }),
    ]);
  });

  test('nobody can add a goal or take one away in an evaluation', async () => {
    const it = show(ownOccasion());
    goTo(it, 'Mål');
    await screen.findByText('«Jeg vil sove»');
    expect(screen.queryByRole('button', { name: /Legg til|Fjern/ })).toBeNull();
  });

  test('the people of the plan are ticked off, with where they come from; others are written in', () => {
    const it = show(ownOccasion());
    fireEvent.click(screen.getByRole('checkbox', { name: /^Silje Samrud, Fjordvik kommune/ }));
    fireEvent.click(screen.getByRole('checkbox', { name: /^Tuva Poliklin/ }));
    fireEvent.click(screen.getByRole('button', { name: 'Legg til en som ikke står i planen' }));
    type(screen.getByRole('textbox', { name: 'Navn' }), 'Kari Nav');
    type(screen.getByRole('textbox', { name: 'Kari Nav Virksomhet' }), 'NAV');
    fireEvent.click(
      within(screen.getByRole('radiogroup', { name: 'Kari Nav Utenfor egen enhet' })).getByRole(
        'radio',
        { name: 'Ja' },
      ),
    );
    expect(screen.getByText('Til stede utenfra').closest('p')?.textContent).toBe(
      'Til stede utenfra 2',
    );
    fireEvent.click(screen.getByRole('checkbox', { name: /^Silje Samrud/ }));
    expect(screen.getByText('Til stede utenfra').closest('p')?.textContent).toBe(
      'Til stede utenfra 1',
    );
    const present = it.items.value
      .flatMap(({ item }) => item ?? [])
      .filter(({ linkId }) => linkId === 'present');
    expect(present.map(({ item }) => item?.[0]?.answer)).toMatchObject([
      [{ valueReference: { reference: 'PractitionerRole/1', display: 'Tuva Poliklin' } }],
      [{ valueReference: { display: 'Kari Nav' } }],
    ]);
  });

  test('whoever writes can tick themselves off, also where the plan does not name them', () => {
    show(ownOccasion('nb', { people: [] }));
    expect(screen.getByRole('checkbox', { name: 'Tuva Poliklin, Fjordvik DPS' })).toBeTruthy();
  });

  test('a medicine from the list fills in what is changed and from what', async () => {
    record = recordOf({
      medicines: known([
        medicine({ substance: 'sertralin', dose: ['100 mg om morgenen'] }),
        medicine({ substance: 'kvetiapin', group: 'stopped' }),
      ]),
    });
    const it = show(ownOccasion());
    goTo(it, 'Endringer i behandlingen');
    fireEvent.click(await screen.findByRole('button', { name: 'Legg til: endring' }));
    expect(screen.queryByRole('combobox', { name: /legemiddellisten/ })).toBeNull();
    fireEvent.change(screen.getByRole('combobox', { name: /Gjelder/ }), { target: { value: '0' } });
    const list = screen.getByRole('combobox', { name: /Hent fra legemiddellisten/ });
    expect(
      within(list)
        .getAllByRole('option')
        .map(({ textContent }) => textContent),
    ).toEqual(['Velg', 'sertralin, 100 mg om morgenen']);
    fireEvent.change(list, { target: { value: '0' } });
    expect(screen.getByRole('textbox', { name: /Hva$/ })).toHaveProperty('value', 'sertralin');
    expect(screen.getByRole('textbox', { name: /Fra$/ })).toHaveProperty(
      'value',
      '100 mg om morgenen',
    );
  });

  test('a measure of the plan is named, not asked for; another can be added', async () => {
    const it = show(ownOccasion());
    goTo(it, 'Tiltak');
    expect(await screen.findByRole('radiogroup', { name: 'Samtale hver uke Brukt' })).toBeTruthy();
    expect(screen.queryByRole('textbox', { name: /Tiltak$/ })).toBeNull();
    fireEvent.click(screen.getByRole('button', { name: 'Legg til: tiltak' }));
    expect(screen.getByRole('textbox', { name: 'Tiltak 2 Tiltak' })).toBeTruthy();
  });
});
