/**
 * What the toolbar icon says of the tab in front. It is read by whoever passes the screen, so it says that there is
 * something, never what or about whom. `patient`: a patient is open, and there is neither plan nor critical information.
 */
export type Badge = 'unconfigured' | 'nobody' | 'patient' | 'plan' | 'attention' | 'failed';

/** A sign of its own for each, because colour alone tells not everybody. */
const SIGNS: Readonly<Record<Badge, string>> = {
  unconfigured: '?',
  nobody: '',
  patient: '',
  plan: 'P',
  attention: '!',
  failed: '×',
};

/** Dark enough for white signs: 4.5:1 and more. */
const COLOURS: Readonly<Record<Badge, string>> = {
  unconfigured: '#4d5b68',
  nobody: '#4d5b68',
  patient: '#4d5b68',
  plan: '#0b5c8a',
  attention: '#8a3b00',
  failed: '#b3253a',
};

const TITLES = {
  nb: {
    unconfigured: 'Sideplan – ikke satt opp',
    nobody: 'Sideplan – ingen pasient er åpen her',
    patient: 'Sideplan – pasient er åpen',
    plan: 'Sideplan – det finnes en plan',
    attention: 'Sideplan – det finnes kritisk informasjon eller noe nytt',
    failed: 'Sideplan – noe gikk galt, åpne panelet for å se',
  },
  en: {
    unconfigured: 'Sideplan – not set up',
    nobody: 'Sideplan – no patient is open here',
    patient: 'Sideplan – a patient is open',
    plan: 'Sideplan – there is a plan',
    attention: 'Sideplan – there is critical information or something new',
    failed: 'Sideplan – something went wrong, open the panel to see',
  },
} as const;

export const badgeTitle = (badge: Badge, language: 'nb' | 'en') => TITLES[language][badge];

/** For one tab until it shows another page or is closed; without a tab, for every tab that has none of its own. */
export async function showBadge(badge: Badge, tabId?: number): Promise<void> {
  const where = tabId === undefined ? {} : { tabId };
  const title = badgeTitle(badge, chrome.i18n.getUILanguage().startsWith('en') ? 'en' : 'nb');
  try {
    await Promise.all([
      chrome.action.setBadgeText({ text: SIGNS[badge], ...where }),
      chrome.action.setBadgeBackgroundColor({ color: COLOURS[badge], ...where }),
      chrome.action.setBadgeTextColor({ color: '#ffffff', ...where }),
      chrome.action.setTitle({ title, ...where }),
    ]);
  } catch {
    // The tab has been closed meanwhile, and its icon with it.
  }
}
