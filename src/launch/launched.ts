import type { Session } from '../fhir/session.ts';
import type { LaunchFailure } from './failure.ts';

/** How opening this page ended. */
export type Launched =
  | { readonly kind: 'session'; readonly session: Session; readonly locale: Locale | undefined }
  /** `proceed` is to be called from a click: it opens a window, or tries the same launch again. */
  | {
      readonly kind: 'stopped';
      readonly failure: LaunchFailure;
      readonly proceed: (() => Promise<Launched>) | undefined;
      /** The language to say it in, where the configuration was read. */
      readonly locale?: Locale | undefined;
    }
  /** This page only carried an answer to the page that waits for it, or is on its way to the login page. */
  | { readonly kind: 'leaving' };

export type Locale = 'nb' | 'en';
