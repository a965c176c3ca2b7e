// Many real WebSockets from Node, each checked by the client's own rule.

import { type Cursor, ORIGIN } from "../../src/wire/cursor.ts";
import { applyRange } from "../../src/wire/range.ts";
import { decodeServerFrame } from "../../src/wire/server-frame.ts";

/** One socket and the seqs of what it took, in the order in which it took them. */
export interface Taker {
  readonly socket: WebSocket;
  readonly welcomed: Promise<void>;
  readonly seqs: number[];
}

/** @param onTaken called after each frame that brought events @throws in `welcomed` if the socket closes first */
export function openTaker(streamUrl: string, onTaken: () => void): Taker {
  const socket = new WebSocket(streamUrl, ["reactor.v1"]);
  const seqs: number[] = [];
  let own: Cursor = ORIGIN;
  const welcomed = new Promise<void>((resolve, reject) => {
    socket.addEventListener("close", ({ code }) => reject(new Error(`closed with ${code}`)));
    socket.addEventListener("message", ({ data }) => {
      const frame = decodeServerFrame(String(data));
      if (frame?.type === "reactor_connected") {
        own = frame.cursor;
        resolve();
      }
      if (frame?.type !== "reactor_events") return;
      const applied = applyRange(own, frame);
      if (applied.gap) throw new Error(`A gap: ${data}`);
      own = applied.cursor;
      for (const { seq } of applied.events) if (seq !== undefined) seqs.push(seq);
      onTaken();
    });
  });
  return { socket, welcomed, seqs };
}
