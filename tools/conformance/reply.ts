// The response of a hub under test, over HTTP or to an upgrade.
import type { Json } from "./mismatch.ts";

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The text as JSON, `undefined` if it is not JSON. */
  readonly body: Json;
}
