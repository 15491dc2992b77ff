import type { Takes } from '../record/evaluating/evaluating.ts';
import type { Form, FormItem } from '../record/evaluating/form.ts';
import type { Frozen } from '../record/frozen.ts';
import type { Patient, Plan, PlanKind } from '../record/model.ts';
import type { Reading } from '../record/reading.ts';
import { idText } from '../shell/numbers.ts';
import { sayEvaluation } from '../shell/words/evaluation-words.ts';
import { t } from '../shell/words/words.ts';

const KINDS: readonly PlanKind[] = ['treatment', 'individual', 'other', 'acute', 'self-treatment'];

/** The plans that can be evaluated, the likeliest first: the treatment plan, one with goals, else a crisis plan. */
export function plansToEvaluate(reading: Reading<Plan>): readonly Plan[] {
  if (reading.state === 'loading') return [];
  return reading.items
    .filter(
      ({ standing, document, kind }) => standing === 'in-force' && !document && kind !== 'zone',
    )
    .toSorted(
      (a, b) =>
        Number(b.kind === 'treatment') - Number(a.kind === 'treatment') ||
        Number(hasGoals(b)) - Number(hasGoals(a)) ||
        KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind),
    );
}

const hasGoals = ({ details }: Plan) => typeof details !== 'string' && details.goals.length > 0;

/** «Behandlingsplan v3 – Behandlingsplan DPS» */
export function planLabel({ kind, version, title }: Plan): string {
  const name = t(`plan.kind.${kind}`);
  const numbered = version
    ? `${name} ${t('plan.version', { v: version.replace(/^v/i, '') })}`
    : name;
  return title && title.toLowerCase() !== name.toLowerCase() ? `${numbered} – ${title}` : numbered;
}

/** Why no evaluation can be begun here; undefined where one can. */
export function whyNot(
  frozen: Frozen | undefined,
  plans: Reading<Plan>,
  possible: readonly Plan[],
): string | undefined {
  if (frozen) return frozenText(frozen);
  if (plans.state === 'loading') return sayEvaluation('why.loading');
  if (possible.length > 0) return undefined;
  const papers = plans.items.some(({ document }) => document);
  return sayEvaluation(papers ? 'why.document' : 'why.noPlan');
}

export const frozenText = (frozen: Frozen): string => sayEvaluation(`why.${frozen}`);

/** The pages of a form: its groups where the author asked for pages (SDC itemControl), else all of it on one. */
export function pagesOf({ items, title }: Form): readonly FormItem[] {
  const pages = items.filter(({ control, hidden }) => control === 'page' && !hidden);
  if (pages.length > 0 && pages.length === items.filter(({ hidden }) => !hidden).length)
    return pages;
  return [{ ...ONE_PAGE, text: title, items }];
}

const ONE_PAGE: FormItem = {
  linkId: '',
  type: 'group',
  text: undefined,
  prefix: undefined,
  help: undefined,
  required: false,
  repeats: false,
  readOnly: false,
  maxLength: undefined,
  min: undefined,
  max: undefined,
  options: [],
  control: 'page',
  enableWhen: [],
  enableAll: false,
  initial: [],
  calculated: undefined,
  hidden: false,
  items: [],
};

export interface Whom {
  readonly name: string;
  /** «Du skriver nå til Maja Testdal, 128507 98271» (C02, L18). */
  readonly line: string;
}

/** For whom it is written, as the banner names them. */
export function whomOf(reading: Reading<Patient>): Whom {
  const [patient] = reading.state === 'loading' ? [] : reading.items;
  const name = patient?.name ?? t('patient.noName');
  const id = patient?.ids.find(({ kind }) => kind !== 'other') ?? patient?.ids[0];
  const fnr = id ? idText(id) : t('patient.id.unknown');
  return { name, line: sayEvaluation('ctx.confirmWrite', { navn: name, fnr }) };
}

/** Why this server takes no evaluation from this person; undefined where it takes something. */
export function takesText(takes: Takes, kilde: string): string | undefined {
  return takes.how === 'nothing' ? sayEvaluation(`why.${takes.why}`, { kilde }) : undefined;
}
