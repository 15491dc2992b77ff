import type { Plan } from '../record/model.ts';
import { useRecord } from '../record/record.ts';
import { ItemBox } from '../shell/ItemBox.tsx';
import { openPlan, openTab } from '../shell/route.ts';
import { panelId } from '../shell/Tabs.tsx';
import { Text } from '../shell/Text.tsx';
import { t } from '../shell/words/words.ts';
import { planName, standingText } from './plan-head.ts';
import { detailsIn, editionTexts, type PlanList, planKey, rowId, sourceText } from './plan-list.ts';
import { planView } from './plan-view.ts';

interface Props {
  readonly list: PlanList;
  /** The one on the acute tab. */
  readonly shown: Plan | undefined;
  /** The one somebody comes back from, by its key: its row must be there for the focus. */
  readonly last?: string;
}

/** A row for each plan, current ones first; the others folded, so that two hundred of them are in nobody's way. */
export function PlanRows({ list: { current, idle }, shown, last }: Props) {
  const isBack = idle.some(plan => planKey(plan) === last);
  return (
    <>
      <Rows plans={current} shown={shown} />
      {idle.length > 0 && (
        <details class="ds-details fold" open={current.length === 0 || isBack}>
          <summary>{t('plan.idle.list', { n: idle.length })}</summary>
          <Rows plans={idle} shown={shown} />
        </details>
      )}
    </>
  );
}

function Rows({
  plans,
  shown,
}: {
  readonly plans: readonly Plan[];
  readonly shown: Plan | undefined;
}) {
  return (
    <ul class="plain">
      {plans.map(plan =>
        plan === shown ? (
          <li key={planKey(plan)} class="plan-row">
            <Row plan={plan} />
            <OnAcute />
          </li>
        ) : (
          <ItemBox
            key={planKey(plan)}
            item={plan}
            said={SAID}
            class="plan-row"
            look={plan.standing}
          >
            <Row plan={plan} />
          </ItemBox>
        ),
      )}
    </ul>
  );
}

/** Two editions of one plan: said with whose each is. */
const SAID = ['contradiction'] as const;

function Row({ plan }: { readonly plan: Plan }) {
  const several = useRecord().session.sources.length > 0;
  const key = planKey(plan);
  const details = detailsIn(plan);
  const { document } = planView(plan);
  return (
    <>
      <h3>
        <a
          id={rowId(key)}
          href={`#/plan/${key}`}
          onClick={event => {
            event.preventDefault();
            openPlan(key);
          }}
        >
          <Text of={planName(plan)} /> <span aria-hidden="true">›</span>
        </a>{' '}
        <span class="muted">{standingText(plan)}</span>
      </h3>
      <p>
        <Text of={plan.title ?? t('plan.untitled')} />
      </p>
      {details?.excerpt && <p class="muted">{t('plan.excerpt')}</p>}
      {document && <p class="warn">{document}</p>}
      {(several || plan.flags.includes('contradiction')) && (
        <p class="muted">
          <Text of={sourceText(plan)} />
        </p>
      )}
      {editionTexts(plan).map(text => (
        <p key={text} class={plan.flags.includes('contradiction') ? 'warn' : 'muted'}>
          <Text of={text} />
        </p>
      ))}
    </>
  );
}

function OnAcute() {
  return (
    <a
      href="#/akutt"
      onClick={event => {
        event.preventDefault();
        openTab('akutt', panelId('akutt'));
      }}
    >
      {t('plan.onAcute')} <span aria-hidden="true">›</span>
    </a>
  );
}
