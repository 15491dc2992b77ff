import type { ChangedResource, Setting } from '../../fhir/proposal.ts';
import { NO_PLAN } from '../../fhir/shapes.ts';
import { authorOf, changed } from '../evaluating/act.ts';
import type { Decided, DecidedChange, Reply } from './answer.ts';
import { type Change, changeText, isWaiting, type Outcome } from './change.ts';
import { CODES } from './read-change.ts';
import type { Changes } from './read-changes.ts';

const SAID: Readonly<Record<Outcome, string>> = {
  accept: 'godtatt av fastlegen',
  adjust: 'tilpasset av fastlegen',
  reject: 'avvist av fastlegen',
  return: 'sendt tilbake: ikke fastlegens pasient lenger',
};

/** R4 Task: `completed` with what was decided, or `rejected`; why, in `statusReason`. */
export function answeredTask(
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
export function parentTask(
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
