import { useEffect, useRef } from 'preact/hooks';
import { CopyText } from '../confirm/CopyText.tsx';
import { Text } from '../shell/Text.tsx';
import { sayEvaluation } from '../shell/words/evaluation-words.ts';
import { AnsweringProvider } from './answering.ts';
import { DraftLine } from './DraftLine.tsx';
import { Fields } from './fields/Fields.tsx';
import type { Filling } from './filling.ts';

/** One short step at a time (S06, S06b). A step may be left with holes: the review says what is missing. */
export function Steps({ filling }: { readonly filling: Filling }) {
  const { pages, step, go, takeFocus, autosave, left } = filling;
  const heading = useRef<HTMLHeadingElement>(null);
  const at = step.value;
  useEffect(() => {
    const asked = takeFocus();
    const to = (asked && document.getElementById(asked)) || heading.current;
    to?.focus();
    to?.scrollIntoView({ block: 'center' });
  }, [at, takeFocus]);
  const page = pages[at];
  if (!page) return null;
  const titleOf = (index: number) => pages[index]?.text ?? sayEvaluation('step.unnamed');
  const next = pages[at + 1]
    ? sayEvaluation('step.next', { tittel: titleOf(at + 1).toLowerCase() })
    : sayEvaluation('step.review');
  // ONE_PAGE is nobody's question: what is on it stands at the top of the form.
  const within = page.linkId === '' ? [] : [{ linkId: page.linkId, nth: 0 }];
  return (
    <AnsweringProvider value={filling}>
      <div class="evaluation" onFocusOut={autosave.now}>
        <h3 ref={heading} tabIndex={-1} class="step-title">
          <Text
            of={sayEvaluation('step.n', { n: at + 1, av: pages.length, tittel: titleOf(at) })}
          />
        </h3>
        <DraftLine filling={filling} />
        {left.length > 0 && (
          <div class="flag">
            <p>{sayEvaluation('draft.left')}</p>
            <CopyText text={left.join('\n')} folded={false} />
          </div>
        )}
        <Fields items={page.items} within={within} />
        <p class="muted">{sayEvaluation('step.required')}</p>
        <div class="buttons steps">
          {at > 0 && (
            <button
              type="button"
              class="ds-button"
              data-variant="secondary"
              // «‹» is called the same, and leaves the form.
              aria-label={sayEvaluation('step.backTo', { tittel: titleOf(at - 1).toLowerCase() })}
              onClick={() => go(at - 1)}
            >
              {sayEvaluation('step.back')}
            </button>
          )}
          <button type="button" class="ds-button" onClick={() => go(at + 1)}>
            {next}
          </button>
        </div>
      </div>
    </AnsweringProvider>
  );
}
