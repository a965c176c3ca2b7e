// One connection of a publisher: a request, its answer, the next one. What they say differs by the server.

export interface Lane {
  /** Whether it can post: servers close connections that are idle. */
  readonly isOpen: boolean;
  open(): Promise<void>;
  /**
   * @param number of the request, which repeat themselves @param stampUs the time that its events carry
   *
   * @throws an Error if the server did not accept it
   */
  post(number: number, stampUs: number): Promise<void>;
  close(): void;
}

export const ANSWER_WITHIN_MS = 30_000;
