/** In the place of fhirclient's own, which reads the answer into its message: nothing a server says may end there. */
export default class HttpError extends Error {
  parse(): Promise<this> {
    return Promise.resolve(this);
  }
}
