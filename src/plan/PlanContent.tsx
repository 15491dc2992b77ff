import type { Plan } from '../record/model.ts';
import { ItemBox } from '../shell/ItemBox.tsx';
import { usePainted } from '../shell/painted.ts';
import { Text } from '../shell/Text.tsx';
import '../shell/words/plan-words.ts';
import { t } from '../shell/words/words.ts';
import { type Block, type BlockPart, type PlanView, planView } from './plan-view.ts';
import './plan-lines.css';

/** What to do and what to avoid in the open; the rest folded with a count, or all of it unfolded (S04). */
export function PlanContent({ plan, whole }: { readonly plan: Plan; readonly whole: boolean }) {
  const view = planView(plan);
  usePainted('plan', true);
  return (
    <ItemBox item={plan} as="article" class="plan">
      {whole && <Facts facts={view.facts} />}
      {view.document && <p class="warn">{view.document}</p>}
      {view.empty && <p class="flag">{t('plan.empty')}</p>}
      <Blocks view={view} whole={whole} timed />
    </ItemBox>
  );
}

interface BlocksProps {
  readonly view: PlanView;
  readonly whole?: boolean;
  /** The plan on the acute tab: the moment its first line is on screen is measured. */
  readonly timed?: boolean;
}

export function Blocks({ view, whole = false, timed = false }: BlocksProps) {
  return (
    <>
      {view.doNow.length > 0 && (
        <section class="do-now">
          <h2 class="heading">{t('doNow')}</h2>
          <ol>
            {view.doNow.map((line, index) => (
              <li key={index} elementtiming={timed && index === 0 ? 'plan' : undefined}>
                <Text of={line} />
              </li>
            ))}
          </ol>
        </section>
      )}
      {view.avoid.length > 0 && (
        <section class="avoid">
          <h2 class="heading">{t('avoid')}</h2>
          <ul>
            {view.avoid.map((line, index) => (
              <li key={index}>
                <span aria-hidden="true">✕</span>
                <Text of={line} />
              </li>
            ))}
          </ul>
        </section>
      )}
      {view.blocks.map(block => (
        <Folded key={`${block.title}${whole}`} block={block} open={whole} />
      ))}
    </>
  );
}

export function Facts({ facts }: { readonly facts: readonly string[] }) {
  return (
    <>
      {facts.map(fact => (
        <p key={fact} class="muted">
          <Text of={fact} />
        </p>
      ))}
    </>
  );
}

function Folded({ block, open }: { readonly block: Block; readonly open: boolean }) {
  return (
    <details class="ds-details fold" open={open}>
      <summary>
        {block.title} <span class="muted">({block.count})</span>
      </summary>
      {block.parts.map((part, index) => (
        <Part key={index} part={part} own={block.own} />
      ))}
    </details>
  );
}

function Part({ part, own }: { readonly part: BlockPart; readonly own: boolean }) {
  const content = (
    <>
      {part.heading && (
        <h3>
          <Text of={part.heading} />
        </h3>
      )}
      <ul class={own ? 'own-words' : ''}>
        {part.lines.map((line, index) => (
          <li key={index}>
            <Text of={line} />
          </li>
        ))}
      </ul>
    </>
  );
  return part.zone ? (
    <ItemBox item={part.zone} as="div" class="zone" look={part.zone.level}>
      {content}
    </ItemBox>
  ) : (
    content
  );
}
