import type { Contact, Contacts, Plan } from '../record/model.ts';
import type { Known, Missing, Reading } from '../record/reading.ts';

/** What we know about whom to call: the contacts of the plan on screen, with a state of their own. */
export interface ContactsReading {
  readonly reading: Reading<Contact>;
  readonly contacts: Contacts;
  /** The plan names a team that the source did not show. */
  readonly teamUnread: boolean;
  /** They come from the patient's teams, not from an acute plan. */
  readonly fromTeams?: boolean;
}

const NOBODY: Contacts = {
  team: undefined,
  people: [],
  never: [],
  unreadTeams: 0,
  denialsKnown: true,
};
const ABOUT_CONTACTS = new Set([
  'CareTeam',
  'PractitionerRole',
  'Practitioner',
  'RelatedPerson',
  'Organization',
  'HealthcareService',
]);

/** `teams`: everybody in the patient's care teams, for when no plan on screen says whom to call. */
export function contactsReading(
  plans: Reading<Plan>,
  shown: Plan | undefined,
  teams?: Contacts,
): ContactsReading {
  if (plans.state === 'loading') return { reading: plans, contacts: NOBODY, teamUnread: false };
  if ((!shown || shown.document) && teams && teams.people.length + teams.never.length > 0)
    return {
      reading: section(plans, 'present', teams.people, plans.gaps),
      contacts: teams,
      teamUnread: false,
      fromTeams: true,
    };
  if (!shown) return { reading: withoutPlan(plans), contacts: NOBODY, teamUnread: false };
  const teamUnread = shown.contacts === 'unread';
  const contacts = shown.contacts === 'unread' ? NOBODY : shown.contacts;
  const gaps = plans.gaps.filter(({ what }) => ABOUT_CONTACTS.has(what));
  const something = contacts.people.length > 0 || contacts.never.length > 0;
  const state = teamUnread ? stateOfUnread(gaps) : something ? 'present' : 'none-recorded';
  return { reading: section(plans, state, contacts.people, gaps), contacts, teamUnread };
}

/** No plan to show: whatever is true of the plans is true of their contacts. */
function withoutPlan(plans: Known<Plan>): Reading<Contact> {
  const state = plans.state === 'present' ? 'none-recorded' : plans.state;
  return section(plans, state, [], plans.gaps);
}

function stateOfUnread(gaps: readonly Missing[]): Known<Contact>['state'] {
  const whys = new Set(gaps.map(({ why }) => why));
  if (whys.has('withheld')) return 'withheld';
  if (whys.has('not-permitted')) return 'not-permitted';
  return whys.has('not-supported') ? 'not-supported' : 'failed';
}

const section = (
  plans: Known<Plan>,
  state: Known<Contact>['state'],
  items: readonly Contact[],
  gaps: readonly Missing[],
): Known<Contact> => ({
  ...plans,
  state,
  items,
  gaps,
  received: items.length,
  // Both are said once, with the plans they came with.
  setAside: [],
  remarks: [],
});
