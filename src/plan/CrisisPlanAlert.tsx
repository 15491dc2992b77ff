import type { Plan } from '../record/model.ts';
import type { Reading } from '../record/reading.ts';
import { useRecord } from '../record/record.ts';
import { Sign } from '../shell/icons.tsx';
import { t } from '../shell/words/words.ts';
import { crisisPlanMissing } from './crisis-plan.ts';

interface Props {
  readonly plans: Reading<Plan>;
  readonly shown: Plan | undefined;
}

/** Somebody has written that there is a crisis plan, and it is not here: said loudly, before anything else. */
export function CrisisPlanAlert({ plans, shown }: Props) {
  const { critical } = useRecord();
  if (!crisisPlanMissing(critical.value, plans, shown)) return null;
  return (
    <div class="state loud" data-look="danger" role="alert">
      <Sign of="▲" />
      <div>
        <p class="state-title">{t('crit.crisisPlan')}</p>
        <p>{t('crit.crisisPlan.do')}</p>
      </div>
    </div>
  );
}
