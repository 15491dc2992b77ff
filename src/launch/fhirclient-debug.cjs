/**
 * Stands where fhirclient asks for `debug`, which prints tokens to the console of anyone whose `localStorage.debug`
 * is set (SAFETY T15). Silent, always. CommonJS, because fhirclient calls what `require` gives it.
 */
const silent = () => undefined;
silent.extend = () => silent;
module.exports = () => silent;
