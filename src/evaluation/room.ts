import { createContext } from 'preact';
import { useContext } from 'preact/hooks';

/** Whether the evaluation fills the tab, for the button that opens it. One per record: nothing carries over. */
export interface Room {
  readonly open: () => void;
}

const Current = createContext<Room | undefined>(undefined);
export const RoomProvider = Current.Provider;

export function useRoom(): Room {
  const room = useContext(Current);
  if (!room) throw new Error('useRoom() needs an <EvaluationRoom> above it');
  return room;
}
