// How the hub ends a socket: it says so in a frame first. After a close by alarm, timer or RPC the runtime ends the TCP
// connection up to 10 s later, and `onclose` comes no sooner (measured: Node 10 s, Chromium 2 s).
import type { ClosingCode } from "../../wire/close-code.ts";
import { PROBLEMS } from "../../wire/problem.ts";
import { encodeError } from "../../wire/server-frame.ts";
import { utf8Bytes } from "../../wire/utf8.ts";
import { type Socket, sendQuietly } from "./socket.ts";
import type { Dialect } from "./subscriber.ts";

/** In UTF-8: a control frame's 125 bytes (RFC 6455, 5.5) less two of the code. `close` throws on more. */
const MAX_REASON_BYTES = 123;

/** Says why to a client of v1, then begins the closing handshake. @param detail in full in the frame, cut in the handshake */
export function closeFor(socket: Socket, dialect: Dialect, code: ClosingCode, detail: string): void {
  const { close } = PROBLEMS[code];
  if (dialect === "v1") sendQuietly(socket, encodeError({ code, detail }, null, close));
  socket.close(close, reasonOf(detail));
}

function reasonOf(detail: string): string {
  let reason = detail;
  while (utf8Bytes(reason) > MAX_REASON_BYTES) reason = [...reason.slice(0, MAX_REASON_BYTES)].slice(0, -1).join("");
  return reason;
}
