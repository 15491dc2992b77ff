import type { nbSafety } from './nb-safety.ts';

/** What the safety line says, as `nb-safety.ts`. */
export const enSafety: Readonly<Record<keyof typeof nbSafety, string>> = {
  'safety.more': '+{n} more',
  'safety.count': 'CI {n}',
  'safety.count.least': 'CI at least {n}',
  'safety.hlr': 'No CPR',
  'safety.limits': 'Treatment decision – see',
  'allergy.known': 'Allergic: {what}',
  'allergy.known.doubt': 'Allergic: {what} – contradiction, ask',
  'allergy.none': 'No known allergies – confirmed {date} by {who}',
  'allergy.none.drug': 'No known drug allergies – confirmed {date} by {who}. Others: ask',
  'allergy.none.food': 'No known food allergies – confirmed {date} by {who}. Others: ask',
  'allergy.none.environment':
    'No known environmental allergies – confirmed {date} by {who}. Others: ask',
  'allergy.none.unsigned': 'Allergies: stated without date or name – ask',
  'allergy.unknown': 'Allergies are stated as unknown – ask',
  'allergy.notRecorded': 'Allergies not recorded – ask',
  'allergy.incomplete': 'Allergies: not everything arrived from {source} – ask',
  'allergy.restricted': 'Allergies are restricted by the patient – ask',
  'allergy.reserved': 'Allergies: the patient has opted out – ask',
  'allergy.withheld': 'Allergies are held back by {source} – ask',
  'allergy.notPermitted': 'Allergies: your role does not give access – ask',
  'allergy.notSupported': 'Allergies: {source} does not offer this – ask',

  'crit.noText': 'The content is not given as text – see the source',
};
