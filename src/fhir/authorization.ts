/**
 * The right to ask, for as long as it lasts (RFC 6750). How a token is renewed is the launch's business; whoever asks
 * only sends the one it is handed.
 */
export interface Authorization {
  /** The access token to send now. Near its end it is renewed first, where the server gave the means. */
  readonly token: () => Promise<string>;
  /**
   * The server has answered 401 to `refused`: the token to ask once more with, or undefined where there is none.
   * Rejects when the authorization server cannot be reached just now, which is not the same as being signed out.
   */
  readonly instead: (refused: string) => Promise<string | undefined>;
}
