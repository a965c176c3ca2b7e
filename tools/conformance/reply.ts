// What a hub under test answered, over HTTP or to an upgrade.
import type { Json } from "./mismatch.ts";

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The text as JSON, `undefined` where it is none. */
  readonly body: Json;
}
