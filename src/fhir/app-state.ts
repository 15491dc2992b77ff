/**
 * What Sideplan keeps in an EHR's app state (SMART App Launch 2.2, «Persisting App State», experimental): one `Basic`
 * about each user, of this code, with the user's keys (docs/decisions/0013).
 */
export const APP_STATE = {
  system: 'https://example.org/fhir/CodeSystem/sideplan-app-state',
  code: 'outbox-keys',
} as const;

/** Whether these granted scopes let Sideplan look for, make and add to its own app state; a server may grant less than is asked. */
export const grantsAppState = (scopes: readonly string[]): boolean =>
  scopes.some(scope => {
    const [, letters, code] = /^user\/(?:Basic|\*)\.(\w+)(?:\?code=(.+))?$/.exec(scope) ?? [];
    const ours = code === undefined || code === `${APP_STATE.system}|${APP_STATE.code}`;
    return ours && ['c', 'u', 's'].every(letter => letters?.includes(letter));
  });
