import { effect } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { isFinal, type LaunchFailure } from '../launch/failure.ts';
import type { Launched } from '../launch/launched.ts';
import { lastLogout, type Remembered, recall } from '../launch/memory.ts';
import type { PatientRecord } from '../record/record.ts';
import { type Capture, captureFrom, readiness } from './capture.ts';
import type { Copy } from './copy.ts';
import type { Rules } from './rules.ts';
import { Strip } from './Strip.tsx';
import { eraseCopies, findCopy, keepCopy, sweepCopies } from './shelf.ts';
import { showCopy } from './show.ts';

/** What the panel may still show when the EHR is silent (docs/decisions/0016). */
export interface Offline {
  /** How a launch ended, and every launch somebody goes on to from there: overheard, or the copy in its place. */
  readonly through: (launched: Launched) => Promise<Launched>;
  /** Whose record is on screen; undefined while none is. */
  readonly shows: (record: PatientRecord | undefined) => void;
  /** Stands above the record; nothing where the EHR itself answers. */
  readonly above: () => ComponentChildren;
  readonly stopped: (failure: LaunchFailure) => void;
  /** Nobody is here: what is kept is for whoever was. */
  readonly locked: () => void;
}

/** Nobody answered. Anything else is an answer, and a copy would go against it. */
const SILENCE: ReadonlySet<LaunchFailure['kind']> = new Set([
  'discovery-unreachable',
  'token-unreachable',
]);

export function openOffline(
  window: Window & typeof globalThis,
  rules: () => Rules | undefined,
  reload: () => void,
): Offline {
  let capture: Capture | undefined;
  let unwatch: (() => void) | undefined;
  let isCopy = false;
  /** One thing at a time: what is erased must not be written again by what began before. */
  let last: Promise<void> = Promise.resolve();
  const inTurn = (work: () => Promise<void>) => {
    last = last.then(work).catch((error: unknown) => reportError(error));
    return last;
  };
  void inTurn(() => sweepCopies(rules()?.offlineCopyHours));

  async function through(launched: Launched): Promise<Launched> {
    isCopy = false;
    capture = undefined;
    if (launched.kind === 'leaving') return launched;
    if (launched.kind === 'stopped') {
      const instead = SILENCE.has(launched.failure.kind)
        ? await copyInstead(launched.failure)
        : undefined;
      isCopy = instead !== undefined;
      return instead ?? andOn(launched);
    }
    if (!rules()) return launched;
    capture = captureFrom(launched.session);
    return { ...launched, session: capture.session };
  }

  const onFrom = (way: () => Promise<Launched>) => async () => through(await way());

  /** What somebody tries next from a launch that stopped ends here too. */
  function andOn(stopped: Launched & { kind: 'stopped' }): Launched {
    const { proceed, choices } = stopped;
    return {
      ...stopped,
      proceed: proceed && onFrom(proceed),
      ...(choices && {
        choices: choices.map(choice => ({ ...choice, proceed: onFrom(choice.proceed) })),
      }),
    };
  }

  async function copyInstead(silence: LaunchFailure) {
    const allowed = rules();
    const owner = recall(window.history);
    if (!allowed || !owner) return undefined;
    const loggedOut = lastLogout(window, owner.who) !== owner.logout;
    let copy: Copy | undefined;
    await inTurn(async () => {
      if (loggedOut) await eraseCopies();
      else copy = await findCopy(owner, allowed.offlineCopyHours);
    });
    return copy && showCopy(window, copy, owner.who, silence, allowed);
  }

  /** Once whom to call and what to avoid has been read, and nothing later. */
  function watch(record: PatientRecord, heard: Capture, owner: Remembered) {
    unwatch = effect(() => {
      const ready = readiness(record);
      if (ready === 'waits' || capture !== heard) return;
      capture = undefined;
      const ended = heard.end();
      if (ready === 'refused') void inTurn(eraseCopies);
      if (ready === 'yes')
        void inTurn(async () => keepCopy(owner, await ended, heard.session.signal));
    });
  }

  return {
    through,
    shows(record) {
      unwatch?.();
      unwatch = undefined;
      const owner = recall(window.history);
      if (record && capture && owner) watch(record, capture, owner);
    },
    above: () => isCopy && <Strip retry={reload} />,
    stopped(failure) {
      unwatch?.();
      if (isFinal(failure)) void inTurn(eraseCopies);
    },
    locked: () => void inTurn(eraseCopies),
  };
}
