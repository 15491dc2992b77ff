/**
 * Stands where fhirclient asks for `debug`, which prints tokens to the console of anyone whose `localStorage.debug`
 * is set (SAFETY T15). Silent, always.
 */
const silent = () => undefined;
silent.extend = () => silent;

export default () => silent;
