import { keyOf, type Party, type Sending } from './change.ts';
import type { Changes } from './read-changes.ts';
import type { Message } from './read-messages.ts';

/** Whoever asked, whoever was asked, or somebody else: only the first two say that the deadline has passed. */
type Side = 'sender' | 'receiver' | undefined;

export function sideOf(changes: Changes, sending: Sending): Side {
  const { mine, decider } = changes;
  const isMe = ({ ref }: Party) => ref !== undefined && mine.has(ref);
  if (isMe(sending.sender)) return 'sender';
  return decider || isMe(receiverOf(changes, sending)) ? 'receiver' : undefined;
}

/** Whoever has not answered: whom it was sent to, else the patient's GP. */
export function receiverOf({ doctor }: Changes, { task, changes }: Sending): Party {
  const owners = [task, ...changes].flatMap(each => each?.owner ?? []);
  return owners.find(({ ref, name }) => ref ?? name) ?? doctor ?? NOBODY;
}

const NOBODY: Party = { ref: undefined, name: undefined };

/** What has been said of it: once is enough, whoever said it. */
export const toldOf = ({ messages }: Changes, sending: Sending): Message | undefined =>
  messages.find(({ overdue, about }) => overdue && about.includes(keyOf(sending)));
