import type { Plan } from '../model.ts';
import type { Item } from '../reading.ts';

/** A plan of which nothing has been said yet: what each kind of source fills in, and what stays so where it does not. */
export const nothingSaid: Omit<Plan, keyof Item> = {
  kind: 'other',
  title: undefined,
  version: undefined,
  standing: 'doubtful',
  from: undefined,
  until: undefined,
  author: undefined,
  summary: undefined,
  lines: [],
  zones: [],
  replaces: [],
  details: 'unread',
  evaluated: undefined,
  evaluatedWith: undefined,
  nextEvaluation: undefined,
  approvedByPatient: undefined,
  contacts: { team: undefined, people: [], never: [], unreadTeams: 0, denialsKnown: true },
  document: undefined,
};
