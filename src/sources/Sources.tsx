import { useSignal } from '@preact/signals';
import { useRecord } from '../record/record.ts';
import { Sign } from '../shell/icons.tsx';
import { useNow } from '../shell/now.ts';
import { Text } from '../shell/Text.tsx';
import '../shell/words/later.ts';
import { t } from '../shell/words/words.ts';
import { sourceView } from './sources-view.ts';

/** Where everything on screen comes from, and whether all of it came. */
export function Sources() {
  const { session, patient, plans, critical, medicines, refresh } = useRecord();
  const now = useNow();
  const busy = useSignal(false);
  const view = sourceView(
    [
      { what: t('section.patient'), reading: patient.value },
      { what: t('section.plans'), reading: plans.value },
      { what: t('section.critical'), reading: critical.value },
      { what: t('section.medication'), reading: medicines.value },
    ],
    session.label,
    now,
  );
  const again = async () => {
    busy.value = true;
    await refresh();
    busy.value = false;
  };
  return (
    <>
      <h2 class="heading">
        {t('sources.title')}
        <output class="aside">{busy.value ? t('sources.refreshing') : view.completeness}</output>
      </h2>
      <h3>
        <Text of={session.label} />
      </h3>
      <ul class="plain">
        {view.rows.map(row => (
          <li key={row.what} class={row.whole ? 'item source' : 'item source warn-edge'}>
            <p class="heading">
              <Sign of={row.icon} />
              {row.what}
              {row.when && <span class="aside">{row.when}</span>}
            </p>
            <p class="muted">{row.text}</p>
          </li>
        ))}
      </ul>
      {session.user.name && (
        <p class="muted">
          <Text of={t('sources.user', { name: session.user.name })} />
        </p>
      )}
      <button
        type="button"
        class="ds-button"
        data-variant="secondary"
        aria-disabled={busy.value}
        onClick={() => void (busy.value || again())}
      >
        {t('sources.refresh')}
      </button>
    </>
  );
}
