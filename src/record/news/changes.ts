import type { PatientDocument } from '../documents/documents.ts';
import type { Contacts, CriticalItem, FhirDate, Medicine, Plan } from '../model.ts';
import { momentOf, newestOf } from '../observations/newest.ts';
import type { Analysis, Result } from '../observations/results.ts';
import type { Evaluation } from '../plans/evaluations.ts';
import type { Known, Shared } from '../reading.ts';
import { newestFirst } from '../when.ts';
import { type Change, type Found, placed, rankOf } from './change.ts';
import { contactChanges } from './contact-changes.ts';
import type { Provenance } from './provenance.ts';
import { type Since, since } from './since.ts';
import { withHistory } from './told.ts';

/** The sections that news is read from; undefined while a section is on its way. */
export interface Sections {
  readonly critical: Known<CriticalItem> | undefined;
  readonly medicines: Known<Medicine> | undefined;
  readonly plans: Known<Plan> | undefined;
  readonly teams: Contacts | undefined;
  readonly evaluations: Known<Evaluation> | undefined;
  readonly documents: Known<PatientDocument> | undefined;
  readonly results: Known<Result> | undefined;
  readonly history: Known<Provenance> | undefined;
}

export interface News {
  readonly changes: readonly Change[];
  /** Things that carry no date at all: nobody can tell whether they are new. */
  readonly undated: number;
}

/** Everything dated after `look`, as the sources date it, in the order of its consequence. */
export function newsSince(look: FhirDate, sections: Sections, now: Date): News {
  const { critical, medicines, plans, teams, evaluations, documents, results, history } = sections;
  const ask = since(look, now);
  const files = documents?.items ?? [];
  const evaluated = evaluations?.items ?? [];
  const own = (plans?.items ?? []).filter(plan => !isAmong(files, plan));
  const subjects = [
    ...each(critical, ask, ({ recorded }) => [recorded]).map(criticalChange),
    ...each(medicines, ask, medicineDates).map(medicineChange),
    ...contactChanges(own, teams, ask),
    ...each(plans && { ...plans, items: own }, ask, ({ from }) => [from]).map(planChange),
    ...each(evaluations, ask, ({ date }) => [date]).map(evaluationChange),
    ...own.flatMap(plan => evaluatedChange(plan, evaluated, ask)),
    ...each(documents, ask, ({ at }) => [at]).map(documentChange),
    ...each(results && { ...results, items: outside(results) }, ask, ({ at }) => [at]).map(
      resultChange,
    ),
  ];
  const changes = withHistory(subjects, newEvents(history, ask));
  return {
    changes: newestOf(changes).toSorted((a, b) => rankOf(a) - rankOf(b)),
    undated: ask.undated(),
  };
}

function each<T extends Shared<T>>(
  known: Known<T> | undefined,
  ask: Since,
  dates: (item: T) => readonly (FhirDate | undefined)[],
): readonly Found<T>[] {
  return (known?.items ?? []).flatMap(item => {
    const copies = [item, ...(item.also ?? [])].flatMap(copy => {
      const found = ask.dateOf(copy.source, dates(copy), known?.asOf);
      return found ? [{ item: copy, ...found }] : [];
    });
    // On the same day the source that speaks for the item does so here too.
    return copies.toSorted((a, b) => newestFirst(dayOf(a), dayOf(b))).slice(0, 1);
  });
}

const dayOf = ({ at }: { readonly at: FhirDate }) => at.slice(0, 10);

const how = ({ isOwnDate }: { readonly isOwnDate: boolean }) => (isOwnDate ? 'new' : 'changed');

const criticalChange = (found: Found<CriticalItem>): Change => ({
  ...placed(found),
  kind: found.item.kind === 'other' ? 'condition' : 'critical',
  how: found.item.currency === 'over' ? 'over' : how(found),
  by: found.item.by,
  item: found.item,
});

const medicineDates = ({ changed, started, until, group }: Medicine) => [
  changed,
  started,
  group === 'stopped' ? until : undefined,
];

function medicineChange(found: Found<Medicine>): Change {
  const { group, started, changedBy } = found.item;
  const isNew = started !== undefined && started.slice(0, 10) === found.at.slice(0, 10);
  const went = isNew ? 'new' : 'changed';
  const ended = group === 'stopped' ? 'over' : went;
  return { ...placed(found), kind: 'medicine', how: ended, by: changedBy, item: found.item };
}

function planChange(found: Found<Plan>): Change {
  const { details, standing, author } = found.item;
  const by = typeof details === 'object' ? details.updatedBy : undefined;
  const isOver = ['ended', 'replaced', 'expired'].includes(standing);
  return {
    ...placed(found),
    kind: 'plan',
    how: isOver ? 'over' : how(found),
    by: by ?? (found.isOwnDate ? author : undefined),
    item: found.item,
  };
}

const evaluationChange = (found: Found<Evaluation>): Change => ({
  ...placed(found),
  kind: 'evaluation',
  by: found.item.by,
  item: found.item,
  plan: undefined,
});

/** A plan that says it was evaluated, where no evaluation of that plan from that day is told by itself. */
function evaluatedChange(
  plan: Plan,
  evaluations: readonly Evaluation[],
  ask: Since,
): readonly Change[] {
  const { evaluated, source } = plan;
  const found = evaluated ? ask.dateOf(source, [evaluated], undefined) : undefined;
  if (!evaluated || !found?.isOwnDate) return [];
  const isTold = evaluations.some(
    ({ plans, date, source: { from } }) =>
      from === source.from &&
      plans.includes(source.ref) &&
      date?.slice(0, 10) === evaluated.slice(0, 10),
  );
  const place = placed({ item: plan, ...found });
  return isTold ? [] : [{ ...place, kind: 'evaluation', by: undefined, item: undefined, plan }];
}

const documentChange = (found: Found<PatientDocument>): Change => ({
  ...placed(found),
  kind: 'document',
  how: found.item.standing === 'superseded' ? 'over' : how(found),
  by: found.item.organization,
  item: found.item,
});

const resultChange = (found: Found<Analysis>): Change => ({
  ...placed(found),
  kind: 'result',
  by: found.item.performer,
  item: found.item,
});

/** Answers that the source itself marks: high, low or abnormal. */
const outside = ({ items }: Known<Result>): readonly Analysis[] =>
  items
    .flatMap(item => (item.kind === 'report' ? item.contained : [item]))
    .filter(({ value, components }) => [value, ...components].some(part => part.outside));

/** A plan that exists only as a document is told as a document. */
const isAmong = (files: readonly PatientDocument[], { source }: Plan) =>
  files.some(file => file.source.ref === source.ref && file.source.from === source.from);

/** Openings are looks, not changes. An entry that two questions brought is one. */
function newEvents(history: Known<Provenance> | undefined, ask: Since): readonly Provenance[] {
  const events = (history?.items ?? []).filter(
    ({ opened, at, source }) =>
      !opened && (at ? ask.isAfter(at) : ask.dateOf(source, [], undefined)),
  );
  const named = new Map(events.map(event => [`${event.source.from}|${event.source.ref}`, event]));
  return [...named.values()].toSorted((a, b) => momentOf(a.at) - momentOf(b.at));
}
