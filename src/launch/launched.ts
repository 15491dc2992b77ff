import type { ReadonlySignal } from '@preact/signals';
import type { Session } from '../fhir/session.ts';
import type { LaunchFailure } from './failure.ts';
import type { Surroundings } from './surroundings.ts';

/** How opening this page ended. */
export type Launched =
  | {
      readonly kind: 'session';
      readonly session: Session;
      readonly locale: Locale | undefined;
      /** Why the session is over, once it is: nothing of it may then stay on screen. */
      readonly over: ReadonlySignal<LaunchFailure | undefined>;
      /** What the EHR around us has offered beside the token. */
      readonly surroundings: Surroundings;
      /** Ends it here, in other windows of the same user, and at the server. */
      readonly logOut: () => Promise<void>;
    }
  /** `proceed` is to be called from a click: it opens a window, or tries the same launch again. */
  | {
      readonly kind: 'stopped';
      readonly failure: LaunchFailure;
      readonly proceed: (() => Promise<Launched>) | undefined;
      /** Where there are several EHRs to log in to; in the place of `proceed`. */
      readonly choices?: readonly Choice[];
      /** The language to say it in, where the configuration was read. */
      readonly locale?: Locale | undefined;
    }
  /** This page only carried an answer to the page that waits for it, or is on its way to the login page. */
  | { readonly kind: 'leaving' };

/** One EHR somebody may log in to, by the name people call it. */
interface Choice {
  readonly label: string;
  readonly proceed: () => Promise<Launched>;
}

export type Locale = 'nb' | 'en';
