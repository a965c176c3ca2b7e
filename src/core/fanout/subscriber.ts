// One connected socket, as the hub knows it.
import type { Patterns } from "../../wire/pattern.ts";
import type { Encoding } from "../../wire/server-frame.ts";
import type { Interest } from "../access/match.ts";
import type { TokenIdentity } from "../access/revocations.ts";
import type { CatchUp } from "./catch-up.ts";

/** `legacy`: one event per frame, as the server before this one spoke. */
export type Dialect = "v1" | "legacy";

/** The state of one connection. It survives hibernation in the socket's attachment. */
export interface Subscriber extends Interest, TokenIdentity {
  readonly clientId: string;
  readonly channel: string;
  readonly dialect: Dialect;
  /** Of v1. Absent: as text. */
  readonly encoding?: Encoding;
  /** Its other rights, beside `allowed`: see `Rights`. */
  readonly sub: string | null;
  readonly emit: Patterns;
  readonly expiresMs: number | null;
  /** When to send `token_expiring`, as Unix time in ms; `null`: never, or it was sent. */
  readonly warnMs: number | null;
  /** The client's IP address; `null` where addresses are not counted. */
  readonly address: string | null;
  /** Up to which seq the log was sent. Of a live one, up to which it had been when it became live. */
  readonly sentSeq: number;
  /** `null`: it is live. */
  readonly catchUp: CatchUp | null;
  /** When it attached or last sent a message, as Unix time in ms. Pings do not count: they do not wake the hub. */
  readonly heardMs: number;
  /**
   * Whether it ever sent a message. The runtime does not report a peer that left before its 101 was through, and lists the socket
   * as open for good (measured): without a message, and without a ping, no peer may be there.
   */
  readonly wasHeard: boolean;
}
