/** What the safety line says, once it is known what is critical. It comes with what reads that (safety-words.ts). */
export const nbSafety = {
  'safety.more': '+{n} til',
  'safety.count': 'KI {n}',
  'safety.count.least': 'KI minst {n}',
  'safety.hlr': 'HLR-minus',
  'safety.limits': 'Behandlingsavklaring – se',
  'allergy.known': 'Overfølsom: {what}',
  'allergy.known.doubt': 'Overfølsom: {what} – motstrid, spør',
  'allergy.none': 'Ingen kjente overfølsomhetsreaksjoner – bekreftet {date} av {who}',
  'allergy.none.drug': 'Ingen kjente legemiddelreaksjoner – bekreftet {date} av {who}. Annet: spør',
  'allergy.none.food': 'Ingen kjente matreaksjoner – bekreftet {date} av {who}. Annet: spør',
  'allergy.none.environment':
    'Ingen kjente miljøreaksjoner – bekreftet {date} av {who}. Annet: spør',
  'allergy.none.unsigned': 'Overfølsomhet: oppgitt uten dato eller navn – spør',
  'allergy.unknown': 'Overfølsomhet er oppgitt som ukjent – spør',
  'allergy.notRecorded': 'Overfølsomhet er ikke registrert – spør',
  'allergy.incomplete': 'Overfølsomhet: ikke alt kom fram fra {source} – spør',
  'allergy.restricted': 'Overfølsomhet er sperret av pasienten – spør',
  'allergy.reserved': 'Overfølsomhet: pasienten har reservert seg – spør',
  'allergy.withheld': 'Overfølsomhet er holdt tilbake av {source} – spør',
  'allergy.notPermitted': 'Overfølsomhet: din rolle gir ikke tilgang – spør',
  'allergy.notSupported': 'Overfølsomhet: {source} tilbyr ikke dette – spør',
} as const;
