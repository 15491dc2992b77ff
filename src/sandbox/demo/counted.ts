import type { Store } from '../store/store.ts';
import type { Resource } from '../types.ts';
import { evaluations } from './evaluations.ts';
import { answersForm } from './form.ts';
import { indicators } from './history.ts';
import { demo, user } from './source.ts';

/** The unit whose numbers the demo keeps. */
const UNIT = 'org-dps';

/** The places of «evaluert innen frist», «av disse: med pasienten» and «av disse: fastlegen har fått tilbakemelding». */
const [IN_TIME, WITH_PATIENT, DOCTOR_TOLD] = [2, 3, 4];

/**
 * The store, in which the unit's monthly numbers follow what is written: an evaluation by somebody of the unit counts
 * in the month it is written, once for each evaluation, on top of what the month began with.
 */
export function counted(store: Store): Store {
  const seeded = new Set(demo.patients.flatMap(evaluations).map(({ resource }) => resource.id));

  function recount(): void {
    const written = store
      .all('QuestionnaireResponse')
      .filter(each => answersForm(each) && !seeded.has(each.id) && isOfUnit(each))
      .filter(({ status }) => status === 'completed' || status === 'amended');
    for (const report of indicators()) {
      const month = report.id?.replace('indicators-', '') ?? '';
      const now = withThese(
        report,
        store,
        written.filter(each => monthOf(each) === month),
      );
      const before = store.at(`MeasureReport/${report.id}`);
      if (before && JSON.stringify(before['group']) !== JSON.stringify(now['group']))
        store.load([now]);
    }
  }

  return {
    ...store,
    async handle(request, access, intercept) {
      const answer = await store.handle(request, access, intercept);
      if (request.method !== 'GET') recount();
      return answer;
    },
  };
}

/** `authored` is local time: the month people say. */
const monthOf = ({ authored }: Resource) =>
  typeof authored === 'string' ? authored.slice(0, 7) : undefined;

function isOfUnit({ author }: Resource): boolean {
  const id = referenceIn(author)?.split('/')[1];
  return demo.users.some(each => each.id === id) && user(id ?? '').org === UNIT;
}

function withThese(report: Resource, store: Store, written: readonly Resource[]): Resource {
  const inTime = written.filter(each => isInTime(each, store));
  const more = new Map([
    [IN_TIME, inTime.length],
    [WITH_PATIENT, inTime.filter(tookPart).length],
    [DOCTOR_TOLD, inTime.filter(each => isTold(each, store)).length],
  ]);
  const group = listIn(report['group']).map((each, index) => {
    const [population] = listIn(fieldIn(each, 'population'));
    const count = Number(fieldIn(population, 'count')) + (more.get(index) ?? 0);
    return { ...each, population: [{ ...population, count }] };
  });
  const { meta: _, ...rest } = report;
  return { ...rest, group };
}

const VERSION = 'https://example.org/fhir/StructureDefinition/no-plan-plan-version';
const NEXT = 'https://example.org/fhir/StructureDefinition/no-plan-next-evaluation';

/** By the date that stood on the edition of the plan the evaluation was made on; where none stood, nothing was late. */
function isInTime(answers: Resource, store: Store): boolean {
  const [plan] = listIn(answers['basedOn']).flatMap(each => referenceIn(each) ?? []);
  const version = valueAt(answers, VERSION);
  const read = store.history(plan ?? '').find(({ versionId }) => versionId === version)?.resource;
  const due = read && valueAt(read, NEXT);
  const { authored } = answers;
  return typeof due !== 'string' || typeof authored !== 'string' || authored.slice(0, 10) <= due;
}

const tookPart = (answers: Resource): boolean =>
  /"code":"(?:deltok|delvis|innspill)"/.test(
    JSON.stringify(answersTo(answers['item'], 'patient-participation')),
  );

function answersTo(items: unknown, linkId: string): readonly unknown[] {
  return listIn(items).flatMap(item =>
    item['linkId'] === linkId ? [item['answer']] : answersTo(item['item'], linkId),
  );
}

const isTold = ({ id }: Resource, store: Store): boolean =>
  store
    .all('Communication')
    .some(({ about }) =>
      listIn(about).some(each => referenceIn(each) === `QuestionnaireResponse/${id}`),
    );

function valueAt({ extension }: Resource, url: string): unknown {
  const found = listIn(extension).find(each => each['url'] === url);
  return found?.['valueString'] ?? found?.['valueDate'];
}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const listIn = (value: unknown): readonly Fields[] =>
  Array.isArray(value) ? value.filter(isFields) : [];
const fieldIn = (value: unknown, name: string) => (isFields(value) ? value[name] : undefined);

function referenceIn(value: unknown): string | undefined {
  const reference = fieldIn(value, 'reference');
  return typeof reference === 'string' ? reference : undefined;
}
