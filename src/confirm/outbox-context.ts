import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Outbox } from '../outbox/kept.ts';

/** One outbox per session: the same for every record that session opens. */
const Current = createContext<Outbox | undefined>(undefined);
export const OutboxProvider = Current.Provider;

export function useOutbox(): Outbox {
  const outbox = useContext(Current);
  if (!outbox) throw new Error('useOutbox() needs an <OutboxProvider> above it');
  return outbox;
}
