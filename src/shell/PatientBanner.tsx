import { useRecord } from '../record/record.ts';
import { bannerView } from './banner-view.ts';
import { Menu, type MenuProps } from './Menu.tsx';
import { useNow } from './now.ts';
import { flagWords } from './state-view.ts';
import { Text } from './Text.tsx';
import { t } from './words/words.ts';

/** Who this is, always on screen: name, sex and age, born, number (NHS CUI order: label light, value heavy). */
export function PatientBanner(menu: MenuProps) {
  const { patient, session } = useRecord();
  const view = bannerView(patient.value, useNow());
  const [item] = patient.value.state === 'loading' ? [] : patient.value.items;
  return (
    <section
      class="banner"
      aria-label={t('patient.label')}
      data-patient-banner={session.patient}
      data-flag={item && item.flags.length > 0 ? item.flags.join(' ') : undefined}
    >
      <div class="banner-line">
        <h1 class={view.known ? 'banner-name' : 'banner-name unknown'}>
          <Text of={view.name} />
        </h1>
        <span class="banner-who">{view.who}</span>
      </div>
      {view.known && (
        <div class="banner-line">
          <Labelled label={t('patient.born')} value={view.born} />
          {view.ids.map(({ label, value }) => (
            <Labelled key={value} label={label} value={value} />
          ))}
          {view.test && (
            <abbr class="tag test" title={t('patient.test.long')}>
              {t('patient.test')}
            </abbr>
          )}
        </div>
      )}
      <Menu {...menu} />
      {view.notices.map(({ text, grave }) => (
        <p key={text} class={grave ? 'notice grave' : 'notice'}>
          <Text of={text} />
        </p>
      ))}
      {item?.flags.map(flag => (
        <p key={flag} class="flag">
          {flagWords(flag)}
        </p>
      ))}
    </section>
  );
}

function Labelled({ label, value }: { readonly label: string; readonly value: string }) {
  return (
    <span class="labelled">
      <span class="label">{label}</span>{' '}
      <b>
        <Text of={value} />
      </b>
    </span>
  );
}
