import type { nbOptions } from './nb-options.ts';

export const enOptions: Readonly<Record<keyof typeof nbOptions, string>> = {
  title: 'Sideplan – settings',
  language: 'Language',
  reading: 'Reading the settings …',
  issuers: 'Record systems',
  'issuers.empty': 'Nothing has been set up.',
  'from.policy': 'Your organisation has set these up. They cannot be changed here.',
  'from.own': 'You have set these up yourself, in this browser only.',
  'from.package': 'These came with Sideplan when it was installed.',
  'managed.only':
    'You cannot add other record systems. If one is missing, ask your organisation’s support.',
  remove: 'Remove {label}',
  access: 'Access',
  'access.why':
    'The browser must let Sideplan in at these addresses, so that the record system can open the patient in the panel and its server can answer.',
  'access.give': 'Give access',
  add: 'Add a record system',
  'add.label': 'Its name, as you know it',
  'add.iss': 'The address of its server (FHIR), which begins with https://',
  'add.clientId': 'The client id Sideplan has been given there',
  'add.ehrOrigin': 'The address where you open it (optional)',
  'add.agreed':
    'I have read what is done with health information, below, and my organisation has decided that I may use Sideplan.',
  'add.keep': 'Save',
  'add.kept': 'Saved. Open the panel again to log in.',
  'add.not-agreed': 'Tick that you have read what is done with health information.',
  'add.incomplete': 'Fill in name, address and client id.',
  'add.unsafe': 'The addresses must begin with https:// and be whole.',
  privacy: 'What is done with health information',
  'privacy.what':
    'Sideplan shows the plan, the contacts, the critical information and the medicines of the patient you have open, and sends what you write and confirm yourself.',
  'privacy.where':
    'Everything travels encrypted between this browser and the servers in the settings above. It passes through us or anybody else nowhere.',
  'privacy.kept':
    'The login is held in memory until the panel is closed. What you have saved and the record system has not received yet lies sealed on this machine until it is delivered.',
  'privacy.not':
    'Sideplan does not read the pages you visit, does not follow what you do, shows no advertisements, and neither sells nor shares anything.',
  'privacy.who':
    'Your organisation is responsible for the processing. What you do is written to the record system’s logs, as when you use it otherwise.',
  'privacy.undo':
    'If you remove the record system here, your consent is withdrawn. If you remove Sideplan from the browser, everything it has stored is deleted, also what has not been delivered.',
};
