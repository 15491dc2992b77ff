import type { Patient } from '../record/model.ts';
import type { Reading } from '../record/reading.ts';
import { ageOn, dateText } from './dates.ts';
import { idText } from './numbers.ts';
import { t } from './words/words.ts';

/** Who this is. A patient we could not read still has a banner, which says so. */
export interface BannerView {
  readonly name: string;
  readonly known: boolean;
  /** «Kvinne 19 år» */
  readonly who: string;
  readonly born: string;
  readonly ids: readonly { readonly label: string; readonly value: string }[];
  readonly test: boolean;
  /** Deceased, merged, inactive, interpreter: what changes what one does. */
  readonly notices: readonly { readonly text: string; readonly grave: boolean }[];
}

export function bannerView(reading: Reading<Patient>, now: Date): BannerView {
  const [patient] = reading.state === 'loading' ? [] : reading.items;
  if (!patient)
    return {
      name: reading.state === 'loading' ? t('patient.loading') : t('patient.unknown'),
      known: false,
      who: '',
      born: '',
      ids: [],
      test: false,
      notices: [],
    };
  return {
    name: patient.name ?? t('patient.noName'),
    known: true,
    who: [sexText(patient.sex), ageText(patient, now)].filter(Boolean).join(' '),
    born: patient.born ? dateText(patient.born) : t('patient.born.unknown'),
    ids: idsOf(patient),
    test: patient.test,
    notices: noticesOn(patient),
  };
}

function sexText(sex: Patient['sex']): string {
  if (sex === undefined) return '';
  const words = {
    female: 'patient.sex.K',
    male: 'patient.sex.M',
    other: 'patient.sex.other',
  } as const;
  return t(words[sex]);
}

function ageText({ born, deceased }: Patient, now: Date): string {
  if (!born || deceased !== false) return '';
  const age = ageOn(born, now);
  return age === undefined || age < 0 ? '' : t('patient.age', { age });
}

/** The national number is enough where there is one; other numbers only stand in for it. */
function idsOf({ ids }: Patient): BannerView['ids'] {
  const national = ids.filter(({ kind }) => kind !== 'other');
  const shown = national.length > 0 ? national : ids.slice(0, 1);
  if (shown.length === 0) return [{ label: t('patient.fnr'), value: t('patient.id.unknown') }];
  const labels = { fnr: 'patient.fnr', dnr: 'patient.dnr', other: 'patient.id' } as const;
  return shown.map(id => ({ label: t(labels[id.kind]), value: idText(id) }));
}

function noticesOn(patient: Patient): BannerView['notices'] {
  const { deceased, replaced, inactive, interpreter } = patient;
  return [
    ...(deceased === false ? [] : [{ text: deceasedText(deceased), grave: true }]),
    ...(replaced ? [{ text: t('patient.replaced'), grave: true }] : []),
    ...(inactive ? [{ text: t('patient.inactive'), grave: true }] : []),
    ...(interpreter === undefined ? [] : [{ text: interpreterText(interpreter), grave: false }]),
  ];
}

const interpreterText = (spoken: string) =>
  spoken ? t('patient.interpreter', { language: spoken }) : t('patient.interpreter.unknown');

const deceasedText = (deceased: string | true) =>
  deceased === true
    ? t('patient.deceased.undated')
    : t('patient.deceased', { date: dateText(deceased) });
