import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Raw } from '../fhir/ask.ts';

/** What a room may ask of the EHR's page around the panel (SMART Web Messaging 1.0). */
export interface EhrPage {
  /**
   * What the user has begun there and not signed: resources as they came, of whatever patient and kind. Undefined where
   * the EHR does not say.
   */
  readonly scratchpad: () => Promise<readonly Raw[] | undefined>;
  /** Shows the EHR's own medication module. Resolves false where it will not. */
  readonly openMedications: () => Promise<boolean>;
}

const Current = createContext<EhrPage | undefined>(undefined);
export const EhrPageProvider = Current.Provider;

/** Undefined where there is nobody to ask: then nothing is offered, and nothing said. */
export const useEhrPage = (): EhrPage | undefined => useContext(Current);
