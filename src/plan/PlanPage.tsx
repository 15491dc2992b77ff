import type { Contact, Plan } from '../record/model.ts';
import type { PlanDetails } from '../record/plans/plan-details.ts';
import { useRecord } from '../record/record.ts';
import { ItemBox } from '../shell/ItemBox.tsx';
import { useNow } from '../shell/now.ts';
import { Text } from '../shell/Text.tsx';
import { t } from '../shell/words/words.ts';
import { EvaluationList } from './Evaluations.tsx';
import { nextEvaluationText } from './evaluations-view.ts';
import { Goals, Measures } from './Goals.tsx';
import { Halves } from './Halves.tsx';
import { Blocks, Facts } from './PlanContent.tsx';
import { planHead } from './plan-head.ts';
import { detailsIn, editionTexts, sourceText } from './plan-list.ts';
import {
  coordinatorView,
  evaluationsOf,
  eventText,
  linesView,
  pageFacts,
} from './plan-page-view.ts';

/** One plan, whole: what holds, who takes part, goals and measures, advice, evaluations, and how it came to be. */
export function PlanPage({ plan }: { readonly plan: Plan }) {
  const now = useNow();
  const { evaluations } = useRecord();
  const details = detailsIn(plan);
  const known = evaluations.value.state === 'loading' ? [] : evaluations.value.items;
  const mine = evaluationsOf(plan, known);
  const view = linesView(plan);
  const { heading, warning } = planHead(plan, now);
  const next = nextEvaluationText([plan], [], now);
  return (
    <ItemBox item={plan} said={['contradiction']} as="article" class="plan-page">
      <p class="strong">
        <Text of={plan.title ?? heading} />
      </p>
      <Warnings plan={plan} warning={warning} document={view.document} />
      {details?.excerpt && <p>{t('plan.excerpt')}</p>}
      {details?.coordinators.map((contact, index) => (
        <Coordinator key={index} contact={contact} />
      ))}
      <Facts facts={pageFacts(plan)} />
      {next && <p class={next.overdue ? 'warn' : 'muted'}>{next.text}</p>}
      {plan.details === 'waiting' && <p class="muted">{t('plan.details.waiting')}</p>}
      {plan.details === 'unread' && !plan.document && (
        <p class="flag">{t('plan.details.unread')}</p>
      )}
      {details &&
        (plan.kind === 'individual' ? (
          <Halves plan={plan} details={details} evaluations={known} />
        ) : (
          <GoalsAndMeasures details={details} evaluations={known} />
        ))}
      <Blocks view={view} whole />
      {mine.length > 0 && (
        <details class="ds-details fold">
          <summary>
            {t('eval.title')} <span class="muted">({mine.length})</span>
          </summary>
          <EvaluationList evaluations={mine} goals={details?.goals ?? []} again />
        </details>
      )}
      {details && <History details={details} />}
      <p class="fetched">
        <Text of={sourceText(plan)} />
      </p>
    </ItemBox>
  );
}

interface WarningsProps {
  readonly plan: Plan;
  readonly warning: string | undefined;
  readonly document: string | undefined;
}

function Warnings({ plan, warning, document }: WarningsProps) {
  const said = [
    warning,
    plan.standing === 'replaced' ? t('plan.replaced') : undefined,
    document,
  ].filter(text => text !== undefined);
  const differs = plan.flags.includes('contradiction');
  return (
    <>
      {said.map(text => (
        <p key={text} class="warn">
          <Text of={text} />
        </p>
      ))}
      {editionTexts(plan).map(text => (
        <p key={text} class={differs ? 'warn' : 'muted'}>
          <Text of={text} />
        </p>
      ))}
    </>
  );
}

function Coordinator({ contact }: { readonly contact: Contact }) {
  const patient = useRecord().patient.value;
  const test = patient.state === 'loading' || patient.items.some(each => each.test);
  const { text, number, href } = coordinatorView(contact, test);
  return (
    <p>
      <Text of={text} />{' '}
      {href ? (
        <a href={href}>{number}</a>
      ) : (
        number && (
          <span class="together">
            <Text of={number} />
          </span>
        )
      )}
    </p>
  );
}

interface DetailsProps {
  readonly details: PlanDetails;
  readonly evaluations: Parameters<typeof Goals>[0]['evaluations'];
}

function GoalsAndMeasures({ details: { goals, measures }, evaluations }: DetailsProps) {
  return (
    <>
      {goals.length > 0 && (
        <details class="ds-details fold" open>
          <summary>
            {t('plan.goals.title')} <span class="muted">({goals.length})</span>
          </summary>
          <Goals goals={goals} evaluations={evaluations} />
        </details>
      )}
      {measures.length > 0 && (
        <details class="ds-details fold" open>
          <summary>{t('plan.measures.n', { n: measures.length })}</summary>
          <Measures measures={measures} />
        </details>
      )}
    </>
  );
}

/** What was done with the plan, when and by whom. Not for those who see a part of it. */
function History({ details: { history, excerpt } }: { readonly details: PlanDetails }) {
  if (excerpt) return null;
  if (!history) return <p class="muted">{t('plan.history.unread')}</p>;
  if (history.length === 0) return null;
  return (
    <details class="ds-details fold">
      <summary>{t('plan.history', { n: history.length })}</summary>
      <ul>
        {history.map((event, index) => (
          <li key={index}>
            <Text of={eventText(event)} />
          </li>
        ))}
      </ul>
    </details>
  );
}
