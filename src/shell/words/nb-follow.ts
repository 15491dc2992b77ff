/** What is said when the EHR shows somebody else, when it cannot be followed, and when nobody is there. */
export const nbFollow = {
  'ctx.changed': 'Journalsystemet viser nå {navn}',
  'ctx.changed.unnamed': 'Journalsystemet viser nå en annen pasient',
  'ctx.none': 'Ingen pasient er åpen i journalsystemet',
  'ctx.hidden':
    'Opplysningene om pasienten du hadde her, er fjernet fra skjermen, og det kan ikke skrives noe.',
  'ctx.return': 'Går du tilbake til den pasienten i journalen, hentes opplysningene på nytt.',
  'ctx.switch': 'Bytt til {navn}',
  'ctx.switch.unnamed': 'Bytt pasient',
  'ctx.switching': 'Bytter …',
  'ctx.open': 'Åpne Sideplan fra journalen til pasienten du skal arbeide med.',
  'ctx.refused': 'Journalsystemet åpnet ikke Sideplan. Åpne Sideplan fra pasientens journal.',
  'ctx.lost': 'Panelet følger ikke journalen – sjekk pasienten',
  'lock.title': 'Skjermen er låst',
  'lock.what': 'Opplysningene om pasienten er fjernet fra skjermen.',
  'lock.do': 'Lås opp for å hente dem på nytt fra journalen.',
  'lock.open': 'Lås opp',
  'lock.soon': 'Skjermen låses om mindre enn {s} sekunder',
  'lock.stay': 'Fortsett',
  'menu.close': 'Lukk Sideplan',
  'menu.close.refused': 'Journalsystemet lukket ikke Sideplan. Lukk den i journalen.',
} as const;
