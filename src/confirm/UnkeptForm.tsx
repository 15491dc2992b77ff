import type { ComponentChildren } from 'preact';

/**
 * Where something about a patient is written. A browser writes what stands in a page's fields to disk, in clear text, so
 * that a closed tab can be opened again; and what has been typed, to propose it the next time. Both outlive the login, and
 * a form that says `off` is left alone (SAFETY TM48; HTML 4.10.18.7). The form says it for every field there is or will be.
 */
export const UnkeptForm = ({ children }: { readonly children: ComponentChildren }) => (
  <form autocomplete="off" noValidate onSubmit={event => event.preventDefault()}>
    {children}
  </form>
);
