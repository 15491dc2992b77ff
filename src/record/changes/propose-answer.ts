import type { Raw } from '../../fhir/ask.ts';
import type { ChangedResource, Proposal, Setting, Write } from '../../fhir/proposal.ts';
import type { Session } from '../../fhir/session.ts';
import { NO_PLAN } from '../../fhir/shapes.ts';
import { authorOf, changed, made, to, toOwn } from '../evaluating/act.ts';
import { localTime } from '../evaluating/local-time.ts';
import { answerInWords } from './answer-words.ts';
import {
  type Change,
  changeText,
  isWaiting,
  type Outcome,
  type Party,
  type Sending,
} from './change.ts';
import type { Rule } from './listed.ts';
import { CODES } from './read-change.ts';
import type { Changes } from './read-changes.ts';

/** What the GP decided about one change, on the version that was on screen. */
export interface Decided {
  readonly outcome: Outcome;
  /** What is set instead, for `adjust`. */
  readonly value: string | undefined;
  /** Sent to whoever asked. Never empty for anything but `accept`. */
  readonly reason: string | undefined;
  readonly version: string;
}

/** Somebody is asked to put a discrepancy right. */
export interface Action {
  /** `Task/id` of the change. */
  readonly change: string;
  readonly rule: Rule;
  /** Who: a pharmacy or the home care, and by name where the record names exactly one. */
  readonly whom: { readonly kind: 'pharmacy' | 'home-care' } & Party;
  /** «Be Fjordvik apotek endre rullen: …» */
  readonly words: string;
}

export interface Reply {
  readonly sending: Sending;
  /** By `Task/id`. */
  readonly decisions: ReadonlyMap<string, Decided>;
  readonly actions: readonly Action[];
}

export interface DraftedAnswer {
  readonly proposal: Proposal;
  /** The text to the sender. */
  readonly message: string;
}

/**
 * Everything one answer writes, fixed as it is now: each decided change on its version, the task for all of them, what
 * others are asked to do, the text to the sender, and who decided (docs/fhir.md, «Changes to confirm»). Pure but for
 * the ids it draws. Throws where nothing may be answered: who may, and on which version, is asked before.
 */
export function proposeAnswer(
  changes: Changes,
  session: Session,
  reply: Reply,
  now: Date,
): DraftedAnswer {
  const { sending } = reply;
  const { sub } = session.user;
  const decided = decidedIn(reply);
  if (sub === undefined || changes.takes.answer !== 'yes' || decided.length === 0)
    throw new Error('Nothing can be answered in this session');
  const pressed = localTime(now);
  const message = answerInWords(changes, reply, now);
  const children = decided.map(([change, what]) => answered(changes, change, what, pressed));
  const parent = parentOf(reply, decided, pressed);
  const tasks = changes.takes.tasks
    ? reply.actions.map(action => asked(changes, session, action, pressed))
    : [];
  const text = changes.takes.message
    ? [messageOf(changes, session, sending, message, pressed)]
    : [];
  const writes: readonly Write[] = [...children, ...parent, ...tasks, ...text];
  const root = sending.task ?? sending.changes[0];
  return {
    message,
    proposal: {
      id: crypto.randomUUID(),
      what: 'answer',
      bound: {
        iss: session.iss,
        sub,
        patient: session.patient,
        // What is answered together is answered in order, as acts about one plan are.
        plan: root?.source.ref,
        planVersion: root?.source.version,
      },
      pressed,
      writes: changes.takes.provenance ? [...writes, originOf(changes, writes, pressed)] : writes,
      words: message,
    },
  };
}

type DecidedChange = readonly [Change, Decided];

/** What is decided and still waits, and is as it was when it was decided: anything else is nobody's to send. */
export const decidedIn = ({ sending, decisions }: Reply): readonly DecidedChange[] =>
  sending.changes.flatMap((change): readonly DecidedChange[] => {
    const what = decisions.get(change.source.ref);
    return what && isWaiting(change) && what.version === change.source.version
      ? [[change, what]]
      : [];
  });

const SAID: Readonly<Record<Outcome, string>> = {
  accept: 'godtatt av fastlegen',
  adjust: 'tilpasset av fastlegen',
  reject: 'avvist av fastlegen',
  return: 'sendt tilbake: ikke fastlegens pasient lenger',
};

/** R4 Task: `completed` with what was decided, or `rejected`; why, in `statusReason`. */
function answered(
  { author }: Changes,
  change: Change,
  { outcome, value, reason }: Decided,
  pressed: string,
): ChangedResource {
  const turnedDown = outcome === 'reject' || outcome === 'return';
  const words = SAID[outcome];
  const by = authorOf(author);
  const before = Array.isArray(change.raw['output']) ? (change.raw['output'] as unknown[]) : [];
  const output = [
    ...before,
    {
      type: { text: 'Avgjørelse' },
      valueCodeableConcept: {
        coding: [{ system: NO_PLAN, code: CODES[outcome] }],
        text: words,
      },
    },
    ...(value ? [{ type: { text: 'Tilpasset til' }, valueString: value }] : []),
    ...(by ? [{ type: { text: 'Besvart av' }, valueReference: by }] : []),
  ];
  const said = [words, value, reason].filter(Boolean).join(': ');
  const sets: readonly Setting[] = [
    ...status(turnedDown ? 'rejected' : 'completed', words, pressed),
    ...(reason
      ? [{ at: 'statusReason', value: { text: reason }, label: 'Begrunnelse', words: reason }]
      : []),
    { at: 'output', value: output, label: `Svar på ${changeText(change)}`, words: said },
  ];
  return changed(change.source.ref, change.raw, sets);
}

const status = (code: string, words: string, pressed: string): readonly Setting[] => [
  { at: 'status', value: code, label: 'Status', words },
  { at: 'businessStatus', value: { text: words }, label: 'Hvor det står', words },
  { at: 'lastModified', value: pressed, label: 'Sist endret', words: pressed },
];

/** The task for all of it is done when each of its changes is; until then it is read, and says how many are left. */
function parentOf(
  { sending: { task, changes } }: Reply,
  decided: readonly DecidedChange[],
  pressed: string,
): readonly ChangedResource[] {
  if (!task) return [];
  const now = new Map(decided.map(([{ source }, { outcome }]) => [source.ref, outcome]));
  const left = changes.filter(change => isWaiting(change) && !now.has(change.source.ref)).length;
  const all = changes.map(change => now.get(change.source.ref) ?? change.answer?.outcome);
  const turnedDown = left === 0 && all.every(each => each === 'reject' || each === 'return');
  const returned = turnedDown && all.every(each => each === 'return');
  const words =
    left > 0
      ? `${changes.length - left} av ${changes.length} besvart av fastlegen`
      : returned
        ? SAID.return
        : 'besvart av fastlegen';
  const code = left > 0 ? 'accepted' : turnedDown ? 'rejected' : 'completed';
  return [changed(task.source.ref, task.raw, status(code, words, pressed))];
}

function asked(
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

const partyOf = ({ ref, name }: Party): Raw | undefined =>
  ref ? to(ref, name) : name ? { display: name } : undefined;

/** In reply: sent, and not said to be read until somebody says so (`received`). */
function messageOf(
  { author, messages }: Changes,
  session: Session,
  { task, changes, sender }: Sending,
  message: string,
  pressed: string,
) {
  const about = [...new Set([task, ...changes].flatMap(each => each?.source.ref ?? []))];
  const evaluations = [task, ...changes]
    .flatMap(each => each?.cause ?? [])
    .filter(ref => ref.startsWith('QuestionnaireResponse/'));
  const before = messages.filter(each => each.about.some(ref => evaluations.includes(ref)));
  const whom = partyOf(sender);
  return made({
    resourceType: 'Communication',
    partOf: task ? [to(task.source.ref)] : [],
    inResponseTo: before.map(({ ref }) => to(ref)),
    status: 'in-progress',
    priority: 'routine',
    subject: to(session.patient),
    topic: { text: 'Svar fra fastlege om endringer i behandlingen' },
    about: about.map(ref => to(ref)),
    sent: pressed,
    recipient: whom ? [whom] : [],
    sender: authorOf(author),
    payload: [{ contentString: message }],
  });
}

/** Who decided, and on which versions (R4 Provenance, agent «verifier»; HZ14). */
function originOf({ author }: Changes, writes: readonly Write[], pressed: string) {
  return made({
    resourceType: 'Provenance',
    target: writes.map(write => (write.kind === 'new' ? toOwn(write.uuid) : to(write.ref))),
    recorded: pressed,
    activity: { text: 'Endringer i behandlingen besvart' },
    agent: [
      {
        type: {
          coding: [
            {
              system: 'http://terminology.hl7.org/CodeSystem/provenance-participant-type',
              code: 'verifier',
            },
          ],
        },
        who: authorOf(author) ?? { display: 'Innlogget bruker' },
        ...(author.organizationRef ? { onBehalfOf: to(author.organizationRef) } : {}),
      },
    ],
    entity: writes.flatMap(write =>
      write.kind === 'changed'
        ? [{ role: 'revision', what: to(`${write.ref}/_history/${write.version}`) }]
        : [],
    ),
  });
}
