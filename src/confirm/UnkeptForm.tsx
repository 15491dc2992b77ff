import type { ComponentChildren } from 'preact';

/**
 * Where something about a patient is written. A browser writes what stands in a page's fields to disk, in clear text, so
 * that a closed tab can be opened again; and what has been typed, to propose it the next time. Both outlive the login, and
 * a form that says `off` is left alone (SAFETY TM48; HTML 4.10.18.7). The form says it and not each field: Chromium reads
 * it of an `input`, but of a `textarea` or a `select` only from the form around it.
 */
export const UnkeptForm = ({ children }: { readonly children: ComponentChildren }) => (
  <form autocomplete="off" noValidate onSubmit={event => event.preventDefault()}>
    {children}
  </form>
);
