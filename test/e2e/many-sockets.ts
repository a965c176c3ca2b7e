// Many real WebSockets from Node, each checked by the range rule.

import { type Cursor, ORIGIN } from "../../src/wire/cursor.ts";
import { applyRange } from "../../src/wire/range.ts";
import { decodeServerFrame } from "../../src/wire/server-frame.ts";

/** One socket and the seqs that it received, in order. */
export interface SocketSubscriber {
  readonly socket: WebSocket;
  readonly welcomed: Promise<void>;
  readonly seqs: number[];
}

/** @param onEvents called after each frame with events @throws in `welcomed` if the socket closes first */
export function openSubscriber(streamUrl: string, onEvents: () => void): SocketSubscriber {
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
      onEvents();
    });
  });
  return { socket, welcomed, seqs };
}
