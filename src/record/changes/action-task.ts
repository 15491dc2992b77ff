import type { Session } from '../../fhir/session.ts';
import { NO_PLAN } from '../../fhir/shapes.ts';
import { authorOf, made, to } from '../evaluating/act.ts';
import type { Action } from './answer.ts';
import { partyOf } from './party.ts';
import type { Changes } from './read-changes.ts';

/** One party is asked to put one discrepancy right. */
export function actionTask(
  { author }: Changes,
  session: Session,
  { change, whom, words }: Action,
  pressed: string,
) {
  return made({
    resourceType: 'Task',
    status: 'requested',
    intent: 'order',
    priority: 'urgent',
    code: { coding: [{ system: NO_PLAN, code: 'avvik' }], text: 'Avvik i legemidler' },
    description: words,
    focus: to(change),
    for: to(session.patient),
    authoredOn: pressed,
    lastModified: pressed,
    requester: authorOf(author),
    performerType: [{ text: whom.kind === 'pharmacy' ? 'Apotek' : 'Hjemmetjeneste' }],
    owner: partyOf(whom),
  });
}
