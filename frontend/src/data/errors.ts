/** What is no longer there says so in the server's own words, which name it. */
export const GONE = 410;

/** A column or the manifest could not be had. The message says what, why, and the way out. */
export class DataError extends Error {
  override readonly name = "DataError";

  /**
   * @param subject what was asked for: `"manifest"` or a column's name
   * @param status the HTTP status, or null when there was none
   * @param wayOut what the user can do
   */
  constructor(
    readonly subject: string,
    readonly reason: string,
    readonly wayOut: string,
    readonly status: number | null = null,
  ) {
    super(status === GONE ? `${reason}; ${wayOut}` : `${subject}: ${reason}; ${wayOut}`);
  }
}
