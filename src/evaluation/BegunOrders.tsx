import { useSignal } from '@preact/signals';
import { useEffect, useId } from 'preact/hooks';
import type { Raw } from '../fhir/ask.ts';
import { type Begun, begunIn } from '../record/medicines/begun.ts';
import type { Medicine } from '../record/model.ts';
import { useRecord } from '../record/record.ts';
import { useEhrPage } from '../shell/ehr-page.ts';
import { DoseText, Text } from '../shell/Text.tsx';
import { sayEvaluation } from '../shell/words/evaluation-words.ts';
import { useAnswering } from './answering.ts';
import { answersAt, countAt, type Place, placeId } from './answers.ts';
import type { FieldProps } from './fields/field.ts';
import { amountOf, isMedicine, nameOf } from './medicine-change.ts';

/** What is begun in the EHR and not signed: each can be taken over as a change, and none is without a press. */
export function BegunOrders({ item, place }: FieldProps) {
  const { items, add, answer } = useAnswering();
  const { orders, unclear } = useBegun();
  const title = useId();
  const kind = item.items
    .flatMap(({ linkId, options }) => (linkId === 'kind' ? options : []))
    .find(({ value }) => isMedicine(value));
  if (!kind || orders.length + unclear === 0) return null;

  const within = place.slice(0, -1);
  const count = countAt(items.value, within, item.linkId);
  const row = (nth: number): Place => [...within, { linkId: item.linkId, nth }];
  const beside = (nth: number, linkId: string): Place => [...row(nth), { linkId, nth: 0 }];
  const said = (nth: number, linkId: string) =>
    answersAt(items.value, beside(nth, linkId))[0]?.['valueString'];
  const isTaken = (order: Medicine) => {
    const amount = amountOf(order);
    return Array.from({ length: count }, (_, nth) => nth).some(
      nth => said(nth, 'what') === nameOf(order) && (!amount || said(nth, 'to') === amount),
    );
  };
  const take = (order: Medicine) => {
    add(within, item.linkId);
    answer(beside(count, 'kind'), [kind.value]);
    answer(beside(count, 'what'), [{ valueString: nameOf(order) }]);
    const to = amountOf(order);
    if (to) answer(beside(count, 'to'), [{ valueString: to }]);
    const id = placeId(row(count));
    requestAnimationFrame(() => document.getElementById(id)?.focus());
  };
  return (
    <section class="begun" aria-labelledby={title}>
      <h4 id={title}>{sayEvaluation('begun.title')}</h4>
      <ul>
        {orders.map((order, index) => (
          <li key={index}>
            <p>
              <span class="strong">
                <Text of={nameOf(order)} />
              </span>
              <Amount order={order} /> <span class="muted">– {sayEvaluation('begun.state')}</span>
            </p>
            {isTaken(order) ? (
              <p class="muted">{sayEvaluation('begun.taken')}</p>
            ) : (
              <button
                type="button"
                class="ds-button"
                data-variant="secondary"
                aria-label={`${sayEvaluation('begun.take')}: ${nameOf(order)}`}
                onClick={() => take(order)}
              >
                {sayEvaluation('begun.take')}
              </button>
            )}
          </li>
        ))}
      </ul>
      {unclear > 0 && <p class="flag">{sayEvaluation('begun.unclear', { n: unclear })}</p>}
    </section>
  );
}

function Amount({ order }: { readonly order: Medicine }) {
  const amount = amountOf(order);
  if (!amount && !order.doseNotInWords) return null;
  return <> {amount ? <DoseText of={amount} /> : sayEvaluation('begun.dose')}</>;
}

const NOTHING: readonly Raw[] = [];

/** Asked when the step is opened, and again when somebody comes back to the panel: they may have begun one meanwhile. */
function useBegun(): Begun {
  const { session, patient } = useRecord();
  const ehr = useEhrPage();
  const told = useSignal(NOTHING);
  useEffect(() => {
    if (!ehr) return undefined;
    const over = new AbortController();
    const { signal } = over;
    async function look(from: NonNullable<typeof ehr>): Promise<void> {
      const scratchpad = await from.scratchpad();
      if (!signal.aborted) told.value = scratchpad ?? NOTHING;
    }
    void look(ehr);
    window.addEventListener('focus', () => void look(ehr), { signal });
    return () => over.abort();
  }, [ehr, told]);
  const reading = patient.value;
  const known = reading.state === 'loading' ? [] : reading.items;
  const identifiers = new Set(known.flatMap(each => each.identifiers));
  return begunIn(told.value, { session, identifiers });
}
