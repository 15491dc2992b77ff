import { useEffect, useRef } from 'preact/hooks';
import { useOutbox } from '../confirm/outbox-context.ts';
import { SendStatus } from '../confirm/SendStatus.tsx';
import { useRecord } from '../record/record.ts';
import { sayEvaluation } from '../shell/words/evaluation-words.ts';
import { whomOf } from './evaluation-view.ts';

interface Props {
  readonly id: string;
  readonly close: () => void;
}

/** What was pressed, on its way: «Lagret lokalt» is not yet «Mottatt». */
export function Sent({ id, close }: Props) {
  const { patient } = useRecord();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const item = useOutbox().items.value.find(each => each.id === id);
  return (
    <div class="evaluation">
      <h3 ref={heading} tabIndex={-1} class="step-title">
        {sayEvaluation('sent.title', { navn: whomOf(patient.value).name })}
      </h3>
      {item ? <SendStatus item={item} /> : <output>{sayEvaluation('sent.gone')}</output>}
      <div class="buttons">
        <button type="button" class="ds-button" data-variant="secondary" onClick={close}>
          {sayEvaluation('sent.back')}
        </button>
      </div>
    </div>
  );
}
