// What a recording socket was sent.
import type { RecordingSocket } from "./recording-socket.ts";

/** The seqs of all events, in order; `undefined` for an ephemeral one. */
export function seqsOf(socket: RecordingSocket): (number | undefined)[] {
  return socket.frames().flatMap(({ events = [] }) => events.map(({ seq }: { seq: number }) => seq));
}

/** The types of all frames. */
export function typesOf(socket: RecordingSocket): string[] {
  return socket.frames().map(({ type }) => type);
}

/** From `from` to `to`. */
export function count(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, n) => from + n);
}
