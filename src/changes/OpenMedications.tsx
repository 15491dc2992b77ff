import { useSignal } from '@preact/signals';
import { useEhrPage } from '../shell/ehr-page.ts';
import { sayChanges } from '../shell/words/changes-words.ts';

/** To where prescribing is done, in journals that can be asked for it (S10); nothing where they cannot. */
export function OpenMedications() {
  const ehr = useEhrPage();
  const refused = useSignal(false);
  if (!ehr) return null;
  const open = async () => {
    refused.value = false;
    refused.value = !(await ehr.openMedications());
  };
  return (
    <>
      <button type="button" class="more" onClick={() => void open()}>
        {sayChanges('pll.open')} <span aria-hidden="true">›</span>
      </button>
      {refused.value && (
        <p class="warn" role="alert">
          {sayChanges('pll.refused')}
        </p>
      )}
    </>
  );
}
