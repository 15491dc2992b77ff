import type { Session } from '../fhir/session.ts';
import { serverKeys } from './app-state.ts';
import type { Database } from './database.ts';
import { deviceKeys } from './device-keys.ts';
import { newestOf, type RecoveryKey } from './recovery-key.ts';
import type { Whose } from './whose.ts';

/** The keys of one person: the newest seals, every one of them opens. */
export interface Keyring {
  /** Where the newest is kept. */
  readonly where: () => 'server' | 'device';
  readonly newest: () => RecoveryKey;
  /** `not-yet`: it may be among the server's, which cannot be asked just now. */
  readonly find: (kid: string) => Promise<RecoveryKey | 'not-yet' | undefined>;
}

/** How often at most the server is asked for a key that was not among those it gave. */
const AGAIN_MS = 10_000;

/**
 * Opens the keyring. Where the EHR keeps app state for its users (SMART App Launch 2.2, `smart-app-state`), a key lives
 * there, and what lies on this disk opens only after the same person has signed in again. Elsewhere, or while that
 * server does not answer, it lies on this machine: against the next user, not against whoever takes the disk.
 */
export async function openKeyring(
  session: Session,
  { owner }: Whose,
  database: Database,
  now: () => number,
): Promise<Keyring> {
  let [server, device] = await Promise.all([serverKeys(session), deviceKeys.read(database, owner)]);
  let asked = now();
  /** The server was asked for these, and has none. */
  const gone = new Set<string>();
  if (server.kind !== 'keys')
    device = await deviceKeys.withFresh(database, owner, device, session.clock.now());
  const ofServer = () => (server.kind === 'keys' ? server.keys : []);
  const held = (kid: string) => [...ofServer(), ...device].find(key => key.kid === kid);

  return {
    where: () => (server.kind === 'keys' ? 'server' : 'device'),
    newest: () => newestOf(ofServer()) ?? newestOf(device) ?? noKey(),
    async find(kid) {
      const known = held(kid);
      if (known || gone.has(kid)) return known;
      // Two tabs that open at the same time make a key each, and each must open what the other seals.
      device = await deviceKeys.read(database, owner);
      const found = held(kid);
      if (found || server.kind === 'none') return found;
      if (now() - asked < AGAIN_MS) return 'not-yet';
      asked = now();
      const answer = await serverKeys(session);
      if (answer.kind !== 'keys') return 'not-yet';
      server = answer;
      if (!held(kid)) gone.add(kid);
      return held(kid);
    },
  };
}

function noKey(): never {
  throw new Error('The keyring is empty');
}
