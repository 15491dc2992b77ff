import { type ReadonlySignal, signal } from '@preact/signals';
import type { Session } from '../fhir/session.ts';
import type { PatientId } from '../record/model.ts';
import { connect, type Told } from './connection.ts';
import type { Hub } from './hub.ts';
import { isSame, type Somebody } from './somebody.ts';

/** Whom the EHR shows, as far as we have been told. */
export type Shown =
  /** Nothing else has been said since the launch, or it is our patient again. */
  | { readonly kind: 'ours' }
  | { readonly kind: 'another'; readonly name: string | undefined }
  | { readonly kind: 'nobody' };

export interface Following {
  /** `lost`: the EHR may show anybody, and we would not know. */
  readonly state: ReadonlySignal<'connecting' | 'following' | 'lost'>;
  readonly shown: ReadonlySignal<Shown>;
  readonly stop: () => void;
}

export interface Follower {
  readonly session: Session;
  /** Our patient's national numbers, as far as they have been read. */
  readonly ids: () => readonly PatientId[];
  readonly loggedOut: () => void;
  readonly hibernated: () => void;
}

export type World = Pick<
  Window & typeof globalThis,
  'WebSocket' | 'addEventListener' | 'setTimeout' | 'clearTimeout'
>;

/** Follows the chart this page was opened from (FHIRcast STU3), and comes back when the connection is lost. */
export function follow(hub: Hub, follower: Follower, world: World): Following {
  const { session } = follower;
  const state = signal<'connecting' | 'following' | 'lost'>('connecting');
  const shown = signal<Shown>({ kind: 'ours' });
  const end = new AbortController();
  const ended = AbortSignal.any([end.signal, session.signal]);
  const ourId = session.patient.slice('Patient/'.length);
  let wasOpen = false;
  const isOurs = (who: Somebody) => isSame(who, { id: ourId, ids: follower.ids() });

  function hear(told: Told) {
    switch (told.kind) {
      case 'logged-out':
        return follower.loggedOut();
      case 'hibernated':
        return follower.hibernated();
      case 'opened':
        wasOpen = true;
        shown.value = isOurs(told.who)
          ? { kind: 'ours' }
          : { kind: 'another', name: told.who.name };
        break;
      case 'closed':
        if (!isStillOpen(shown.value, told.who, isOurs(told.who))) shown.value = { kind: 'nobody' };
        break;
      case 'nothing-open':
        // A hub that has never heard of any patient knows less than the launch did.
        if (wasOpen) shown.value = { kind: 'nobody' };
        break;
      default:
        told satisfies never;
    }
  }

  async function keep() {
    for (let attempt = 0; !ended.aborted; attempt += 1) {
      const met = await connect(session, hub, world, ended, {
        hear,
        // After a gap only what the hub then says about the present counts.
        synchronised: () => {
          state.value = 'following';
          attempt = 0;
        },
        isFirst: state.value === 'connecting',
      });
      if (ended.aborted) return;
      state.value = 'lost';
      // The hub that has just let us go is asked again soon, one that never answers less and less often.
      await pause(met ? 500 : waitAfter(attempt), ended, world);
    }
  }
  void keep();
  return { state, shown, stop: () => end.abort() };
}

/** The close of somebody else's chart says nothing about the one that is open; of somebody unknown, the worst. */
function isStillOpen(shown: Shown, closed: Somebody, isOurs: boolean): boolean {
  if (shown.kind !== 'ours') return isOurs;
  return !isOurs && (closed.id !== undefined || closed.ids.length > 0);
}

/** Full jitter over 1, 2, 4 … 60 seconds, so that a whole ward does not come back at once (SAFETY TM46). */
const waitAfter = (attempt: number) =>
  Math.min(60_000, 1000 * 2 ** attempt) * (0.5 + Math.random() / 2);

/** Shorter when the network says it is back. */
function pause(ms: number, ended: AbortSignal, world: World): Promise<void> {
  return new Promise(resolve => {
    const over = new AbortController();
    const go = () => {
      over.abort();
      world.clearTimeout(timer);
      resolve();
    };
    const timer = world.setTimeout(go, ms);
    world.addEventListener('online', go, { signal: over.signal });
    ended.addEventListener('abort', go, { signal: over.signal });
  });
}
