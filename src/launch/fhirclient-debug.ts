/**
 * Stands where fhirclient asks for `debug`, which prints tokens to the console of anyone whose `localStorage.debug`
 * is set (SAFETY T15). Silent, always.
 */
function debug(): typeof silent {
  return silent;
}
function silent(): void {
  // Nothing is logged.
}
silent.extend = debug;
export default debug;
debug.extend = debug;
export const extend = debug;
