import type { Medicine } from '../record/model.ts';
import { useRecord } from '../record/record.ts';
import { sayEvaluation } from '../shell/words/evaluation-words.ts';
import { useAnswering } from './answering.ts';
import { answersAt, type Place, placeId } from './answers.ts';
import type { FieldProps } from './fields/field.ts';
import { amountOf, isMedicine, nameOf } from './medicine-change.ts';

/** A medicine from the patient's list fills in what is changed and from what; both can be written over. */
export function MedicinePicker({ place, about }: FieldProps) {
  const { items, answer } = useAnswering();
  const reading = useRecord().medicines.value;
  const [kind] = answersAt(items.value, place);
  if (!isMedicine(kind)) return null;
  const listed = reading.state === 'loading' ? [] : reading.items.filter(isInUse);
  if (listed.length === 0) return <p class="muted">{sayEvaluation('change.noList')}</p>;
  const beside = (linkId: string): Place => [...place.slice(0, -1), { linkId, nth: 0 }];
  const id = `${placeId(place)}-liste`;
  return (
    <div class="field">
      <label class="field-label" id={`${id}-navn`} for={id}>
        {sayEvaluation('change.fromList')}
      </label>
      <select
        id={id}
        aria-labelledby={about ? `${about} ${id}-navn` : undefined}
        value=""
        onChange={event => {
          const medicine = listed[Number(event.currentTarget.value)];
          if (!medicine) return;
          answer(beside('what'), [{ valueString: nameOf(medicine) }]);
          const from = amountOf(medicine);
          answer(beside('from'), from ? [{ valueString: from }] : []);
        }}
      >
        <option value="">{sayEvaluation('field.choose')}</option>
        {listed.map((medicine, index) => (
          <option key={medicine.source.ref} value={String(index)}>
            {[nameOf(medicine), ...medicine.dose].join(', ')}
          </option>
        ))}
      </select>
    </div>
  );
}

/** What has a name and may be changed: a medicine in use, not a vaccine that was given. */
const isInUse = ({ group, substance, product, superseded, past }: Medicine) =>
  group !== 'stopped' &&
  group !== 'vaccine' &&
  !superseded &&
  !past &&
  Boolean(substance ?? product);
