// Expects that a socket with `last` begins with the newest events, and continues with those that are appended meanwhile.
import { LAST_TYPE, readToAnswer, readToLast } from "./change-over.ts";
import type { HubUnderTest } from "./hub-under-test.ts";
import { count, expectEqual, expectTrue, type Json, seqOf } from "./mismatch.ts";
import { RangeReader } from "./range-reader.ts";
import type { TappedSocket } from "./tapped-socket.ts";

const BEFORE = 20;
const LAST = 3;

/** In a channel of its own. @param protocols none: in the legacy dialect */
export async function expectNoSeam(hub: HubUnderTest, protocols: string[]): Promise<void> {
  const channel = hub.elsewhere();
  await channel.emit(count(1, BEFORE).map(() => ({ type: "t" })));
  const appended = count(1, 10).map(() => channel.emit({ type: "t" }));
  const { socket, welcome } = await channel.listen({ last: LAST }, protocols);
  await Promise.all(appended);
  const { cursor } = await channel.emit([{ type: "t" }, { type: LAST_TYPE }]);
  const seqs = protocols.length > 0 ? await readFrames(socket, welcome.cursor) : await readLegacy(socket);
  const position = seqOf(welcome.cursor);
  expectTrue(`a position ${LAST} events before the head`, position >= BEFORE - LAST, welcome);
  expectEqual("the seqs over the seam", seqs, count(position + 1, seqOf(cursor)));
}

async function readFrames(socket: TappedSocket, cursor: string): Promise<Json[]> {
  const reader = new RangeReader(cursor);
  await readToLast(socket, reader);
  await readToAnswer(socket, reader); // nothing arrives twice
  return reader.received.map(({ seq }) => seq);
}

async function readLegacy(socket: TappedSocket): Promise<Json[]> {
  const seqs: Json[] = [];
  let frame = await socket.frame();
  for (; frame.type !== LAST_TYPE; frame = await socket.frame()) seqs.push(frame.seq);
  socket.send("conformance");
  for (; frame.type !== "echo"; frame = await socket.frame()) seqs.push(frame.seq);
  return seqs;
}
