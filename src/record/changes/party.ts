import type { Raw } from '../../fhir/ask.ts';
import { to } from '../evaluating/act.ts';
import type { Party } from './change.ts';

/** As a reference; by name alone where the record has nobody to point at. */
export const partyOf = ({ ref, name }: Party): Raw | undefined =>
  ref ? to(ref, name) : name ? { display: name } : undefined;
