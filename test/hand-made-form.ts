import type { Occasion } from '../src/record/evaluating/evaluating.ts';
import type { Form, FormItem, ResponseItem } from '../src/record/evaluating/form.ts';
import { initialOf } from '../src/record/evaluating/form-logic.ts';
import questionnaire from '../src/record/evaluating/questionnaire.json' with { type: 'json' };
import { formOf } from '../src/record/evaluating/read-form.ts';
import { goal } from './hand-made-items.ts';

/** Forms and occasions made by hand: for what the form does with a question, whoever asks it. */
export const asked = (more: Partial<FormItem> & Pick<FormItem, 'linkId' | 'type'>): FormItem => ({
  text: more.linkId,
  prefix: undefined,
  help: undefined,
  required: false,
  repeats: false,
  readOnly: false,
  maxLength: undefined,
  min: undefined,
  max: undefined,
  options: [],
  control: undefined,
  enableWhen: [],
  enableAll: false,
  initial: [],
  calculated: undefined,
  hidden: false,
  items: [],
  ...more,
});

export const option = (label: string) => ({
  value: { valueCoding: { system: 'https://example.org/c', code: label, display: label } },
  label,
});

export const formWith = (...items: readonly FormItem[]): Form => ({
  canonical: 'https://example.org/fhir/Questionnaire/another|1',
  title: 'Et annet skjema',
  items,
  from: 'server',
});

const goals = [
  goal({ ref: 'Goal/1', text: 'Jeg vil klare kvelden', patientsOwn: true }),
  goal({ ref: 'Goal/2', text: 'Jeg vil sove', patientsOwn: true }),
];

export const occasion = (more: Partial<Occasion> = {}): Occasion => ({
  form: formWith(),
  plan: { resourceType: 'CarePlan', id: '1' },
  ref: 'CarePlan/1',
  version: '3',
  planTitle: 'Behandlingsplan DPS',
  patientName: 'Amina Eksempelrud',
  goals: goals.map(each => ({ goal: each, raw: {} })),
  people: [
    {
      ref: 'PractitionerRole/1',
      name: 'Tuva Poliklin',
      organization: 'Fjordvik DPS',
      organizationRef: 'Organization/1',
      outside: false,
    },
    {
      ref: 'PractitionerRole/2',
      name: 'Silje Samrud',
      organization: 'Fjordvik kommune',
      organizationRef: 'Organization/2',
      outside: true,
    },
    {
      ref: undefined,
      name: 'Thea',
      organization: undefined,
      organizationRef: undefined,
      outside: undefined,
    },
  ],
  doctor: { ref: 'PractitionerRole/3', name: 'Ingrid Fastlund' },
  author: {
    ref: 'PractitionerRole/1',
    name: 'Tuva Poliklin',
    organizationRef: 'Organization/1',
    organization: 'Fjordvik DPS',
  },
  initial: [],
  takes: { how: 'whole' },
  ...more,
});

const begun = (group: string, linkId: string, answer: Readonly<Record<string, unknown>>) => ({
  linkId: group,
  item: [{ linkId, answer: [answer] }],
});

/** Our own form, begun for two goals and one measure. */
export function ownOccasion(language = 'nb', more: Partial<Occasion> = {}): Occasion {
  const form = formOf(questionnaire, 'own', language);
  if (!form) throw new Error('our own form cannot be read');
  const given = new Map<string, readonly ResponseItem[]>([
    ['date', [{ linkId: 'date', answer: [{ valueDate: '2026-11-21' }] }]],
    [
      'goal-status',
      goals.map(({ ref, text }) =>
        begun('goal-status', 'goal', { valueReference: { reference: ref, display: text } }),
      ),
    ],
    ['measure-status', [begun('measure-status', 'measure', { valueString: 'Samtale hver uke' })]],
  ]);
  return occasion({ form, initial: initialOf(form, given), ...more });
}
