import type { Raw } from '../../fhir/ask.ts';
import type { Write } from '../../fhir/proposal.ts';
import { refOf } from '../../fhir/references.ts';
import { entryFor } from '../../fhir/shapes.ts';
import { type Act, changed, made, patientOf, to, toOwn, type Written } from './act.ts';
import type { Occasion } from './evaluating.ts';
import type { ResponseItem } from './form.ts';
import { allOf, codeOf, norwegianDate, numberOf, referenceOf } from './response.ts';
import { isWritable } from './takes.ts';

const ACHIEVEMENT = 'http://terminology.hl7.org/CodeSystem/goal-achievement';

/** R4 goal-achievement in the words goals are spoken of in. */
const WORDS: Readonly<Record<string, string>> = {
  achieved: 'nådd',
  improving: 'delvis',
  'not-achieved': 'ikke nådd',
  worsening: 'verre',
  'not-attainable': 'ikke lenger viktig',
};

/** How each goal stands now, on the goal itself, and the patient's own score as something measured. */
export function goalsWritten(act: Act): Written {
  const each = act.occasion.goals.map(goal => goalWritten(act, goal));
  return {
    writes: [...each.flatMap(({ change }) => change), ...each.flatMap(({ score }) => score)],
    summary: each.flatMap(({ words }) =>
      words.map(said => ({ part: 'goals' as const, words: said })),
    ),
  };
}

interface OneGoal {
  readonly change: readonly Write[];
  readonly score: readonly Write[];
  readonly words: readonly string[];
}

function goalWritten(act: Act, { goal, raw }: Occasion['goals'][number]): OneGoal {
  const one = allOf(act.items, 'goal-status').find(
    each => goal.ref !== undefined && referenceOf([each], 'goal') === goal.ref,
  );
  const code = one && codeOf([one], 'status');
  if (!one || !code) return { change: [], score: [], words: [] };
  const status = entryFor(WORDS, code) ?? code;
  const name = goal.text ? `«${goal.text.replace(/^«|»$/g, '')}»` : 'Mål uten tekst';
  const score = scoreWritten(act, one, goal.ref);
  if (!act.takes('goals')) return { change: [], score, words: [] };
  if (!isWritable(raw)) {
    // SAFETY R27: what was not shown whole is not written back.
    const words = `${name}: står bare i evalueringen. Målet selv ble ikke vist helt, og endres ikke.`;
    return { change: [], score, words: [words] };
  }
  return {
    change: [
      changed(refOf(raw), raw, [
        {
          at: 'achievementStatus',
          value: { coding: [{ system: ACHIEVEMENT, code }], text: status },
          label: `Status for målet ${name}`,
          words: status,
        },
        {
          at: 'statusDate',
          value: act.day,
          label: `Når målet ${name} ble vurdert`,
          words: norwegianDate(act.day),
        },
      ]),
    ],
    score,
    words: [`${name}: ${status}`],
  };
}

function scoreWritten(act: Act, one: ResponseItem, ref: string | undefined): readonly Write[] {
  const score = numberOf([one], 'own-score');
  if (score === undefined || act.occasion.takesScores !== true) return [];
  const focus: Raw = ref === undefined ? {} : { focus: [to(ref)] };
  return [
    made({
      resourceType: 'Observation',
      status: 'final',
      category: [
        {
          coding: [
            {
              system: 'http://terminology.hl7.org/CodeSystem/observation-category',
              code: 'survey',
            },
          ],
        },
      ],
      code: { text: 'Egen skår for mål, 0–10' },
      subject: patientOf(act),
      ...focus,
      encounter: act.meeting === undefined ? undefined : toOwn(act.meeting),
      effectiveDateTime: act.day,
      issued: act.pressed,
      performer: [patientOf(act)],
      valueInteger: score,
      derivedFrom: [toOwn(act.answers)],
    }),
  ];
}
