import type { Resource } from '../types.ts';
import { actor, hl7, oslo, type Reference, to } from './fhir.ts';
import { type Filed, filed } from './parts.ts';
import { planId } from './plans.ts';
import { acutePlanOf, type DemoPatient, demo, shortId, userNamed } from './source.ts';

/** What was done, when and by whom. A patient nothing is recorded about has no history here either. */
export function history(patient: DemoPatient): readonly Filed[] {
  const plan = acutePlanOf(patient);
  if (!plan) return [];
  const id = shortId(patient);
  const entries = patient.history.map(({ at, what, by }, index): Resource => {
    const [date = '', time] = at.split(' ');
    const target = /plan|kontakt|lapp/i.test(what)
      ? `CarePlan/${planId(patient, plan)}`
      : `Patient/${id}`;
    return {
      resourceType: 'Provenance',
      id: `${id}-history-${index + 1}`,
      meta: { lastUpdated: oslo(date, time) },
      target: [to(target)],
      recorded: oslo(date, time),
      activity: { text: what },
      agent: [
        { type: { coding: [hl7('provenance-participant-type', 'author')] }, who: who(by, id) },
      ],
    };
  });
  return filed('history', ...entries);
}

/** Counts per month for the unit's leader: no patient, no names. */
export function indicators(): readonly Resource[] {
  const { months, columns } = demo.indicators;
  return months.map(([month, ...counts]): Resource => {
    const [year, number] = String(month).split('-').map(Number);
    const end = new Date(Date.UTC(year ?? 0, number ?? 0, 0)).toISOString().slice(0, 10);
    // The current month is counted so far: nothing is dated later than the demo's clock.
    const counted = [end, demo.demoClock.slice(0, 10)].sort()[0] ?? end;
    return {
      resourceType: 'MeasureReport',
      id: `indicators-${month}`,
      meta: { lastUpdated: oslo(counted) },
      status: 'complete',
      type: 'summary',
      measure: 'https://example.org/fhir/Measure/no-plan-behandlingsplan',
      date: oslo(counted),
      reporter: to('Organization/org-dps'),
      period: { start: `${month}-01`, end },
      group: counts.map((count, index) => ({
        code: { text: columns[index + 1] },
        population: [{ code: { text: 'antall' }, count: Number(count) }],
      })),
    };
  });
}

function who(by: string, patientId: string): Reference {
  const known = userNamed(by);
  return known ? actor(known.id, patientId) : { display: by };
}
