import type { Raw } from '../../fhir/ask.ts';
import {
  type Act,
  authorOf,
  doctorOf,
  made,
  NOTHING_WRITTEN,
  patientOf,
  planOf,
  toOwn,
  type Written,
} from './act.ts';
import { type Change, changesIn, changeWords, namedAmount } from './changes.ts';
import { norwegianDate } from './response.ts';
import { workingDaysAfter } from './working-days.ts';

/** Working days the GP has to decide in. */
const DEADLINE_DAYS = 5;

/** What the GP must decide: one task for all of it, and one for each change (FHIR.md 7; the same as the EHR's own). */
export function changesWritten(act: Act): Written {
  const changes = changesIn(act.items).filter(({ doctorDecides }) => doctorDecides);
  if (!act.takes('tasks') || changes.length === 0) return NOTHING_WRITTEN;
  const due = workingDaysAfter(new Date(act.pressed), DEADLINE_DAYS);
  const n = changes.length === 1 ? '1 endring' : `${changes.length} endringer`;
  const all = made({ ...task(act, due), description: `${n} til fastlegen` });
  const doctor = act.occasion.doctor?.name ?? 'fastlegen';
  const by = norwegianDate(due.slice(0, 10));
  return {
    writes: [
      all,
      ...changes.map(change =>
        made({
          ...task(act, due),
          partOf: [toOwn(all.uuid)],
          description: changeWords(change),
          ...(change.why ? { reasonCode: { text: change.why } } : {}),
          input: inputs(change),
        }),
      ),
    ],
    summary: [
      { part: 'tasks', words: `${n} som ${doctor} må ta stilling til innen ${by}` },
      ...changes.map(change => ({ part: 'tasks' as const, words: changeWords(change) })),
    ],
  };
}

function task(act: Act, due: string): Raw {
  const { occasion, pressed, answers } = act;
  return {
    resourceType: 'Task',
    status: 'requested',
    businessStatus: { text: 'venter på fastlegen' },
    intent: 'proposal',
    priority: 'routine',
    code: {
      coding: [{ system: 'http://hl7.org/fhir/CodeSystem/task-code', code: 'approve' }],
      text: 'Bekreft endring i behandling',
    },
    focus: toOwn(answers),
    basedOn: [planOf(occasion)],
    for: patientOf(act),
    authoredOn: pressed,
    lastModified: pressed,
    requester: authorOf(occasion.author),
    owner: doctorOf(occasion),
    restriction: { period: { end: due } },
  };
}

/** `-` where there was nothing before: a new medicine. */
function inputs({ kind, what, from, to }: Change): readonly Raw[] {
  const said: readonly (readonly [string, string | undefined])[] = [
    ['Fra', from ? namedAmount(what, from) : '-'],
    ['Til', namedAmount(what, to)],
    ['Gjelder', kind],
  ];
  return said.flatMap(([text, valueString]) =>
    valueString ? [{ type: { text }, valueString }] : [],
  );
}
