/**
 * Stands where fhirclient makes its FHIR client at the end of a launch. That client would send the token to any
 * absolute address (SAFETY D4); this one holds the token response until we have taken it, and can do nothing.
 */
export default class LaunchOnly {
  readonly state: unknown;
  constructor(_environment: unknown, state: unknown) {
    this.state = state;
  }
}
