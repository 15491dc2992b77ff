/** The extension's settings page: for the person at this browser, and for whoever sets it up. */
export const nbOptions = {
  title: 'Sideplan – innstillinger',
  language: 'Språk',
  reading: 'Leser innstillingene …',
  issuers: 'Journalsystemer',
  'issuers.empty': 'Ikke noe journalsystem er satt opp.',
  'from.policy': 'Virksomheten din har satt opp disse. De kan ikke endres her.',
  'from.own': 'Disse har du satt opp selv, bare i denne nettleseren.',
  'from.package': 'Disse fulgte med da Sideplan ble installert.',
  'managed.only':
    'Du kan ikke legge til andre journalsystemer. Mangler det ett, spør brukerstøtte i virksomheten.',
  remove: 'Fjern {label}',
  access: 'Tilgang',
  'access.why':
    'Nettleseren må slippe Sideplan til på disse adressene, så journalen kan åpne pasienten i panelet og journalserveren kan svare.',
  'access.give': 'Gi tilgang',
  add: 'Legg til et journalsystem',
  'add.label': 'Navn, slik du kjenner det',
  'add.iss': 'Adressen til journalserveren (FHIR), som begynner med https://',
  'add.clientId': 'Klient-id Sideplan har fått hos journalen',
  'add.ehrOrigin': 'Adressen du åpner journalen på (valgfritt)',
  'add.agreed':
    'Jeg har lest hva som gjøres med helseopplysninger, nedenfor, og virksomheten min har bestemt at jeg kan bruke Sideplan.',
  'add.keep': 'Lagre',
  'add.kept': 'Lagret. Åpne panelet på nytt for å logge inn.',
  'add.not-agreed': 'Kryss av for at du har lest hva som gjøres med helseopplysninger.',
  'add.incomplete': 'Fyll ut navn, adresse og klient-id.',
  'add.unsafe': 'Adressene må begynne med https:// og være hele.',
  privacy: 'Hva som gjøres med helseopplysninger',
  'privacy.what':
    'Sideplan viser planen, kontaktene, den kritiske informasjonen og legemidlene til pasienten du har åpen, og sender det du selv skriver og bekrefter.',
  'privacy.where':
    'Alt går kryptert mellom denne nettleseren og serverne som står i oppsettet. Det går ikke innom oss eller andre.',
  'privacy.kept':
    'Innloggingen holdes i minnet til panelet lukkes. Det du har lagret og journalen ikke har mottatt ennå, ligger forseglet på denne maskinen til det er levert.',
  'privacy.not':
    'Sideplan leser ikke sidene du besøker, følger ikke med på hva du gjør, viser ikke reklame, og selger eller deler ikke noe.',
  'privacy.who':
    'Virksomheten din er ansvarlig for behandlingen. Hva du gjør, føres i loggene til journalen, som når du bruker den ellers.',
  'privacy.undo':
    'Fjerner du journalsystemet her, trekkes samtykket ditt. Fjerner du Sideplan fra nettleseren, slettes alt den har lagret, også det som ikke er levert.',
} as const;
