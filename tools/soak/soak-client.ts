// A client of the soak: connects, subscribes, reads some of what it is sent, and disconnects, often without a close frame.
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type RawData, WebSocket } from "ws";

/**
 * How it disconnects. `close`: by a close frame. `reset`: by a RST. `torn`: in the middle of a frame. `silent`: not at all:
 * its connection stays open, and it neither sends nor reads.
 */
export const ENDINGS = ["close", "reset", "torn", "silent"] as const;
export type Ending = (typeof ENDINGS)[number];

/** Each uses another part of the hub: groups, patterns, catching up, a reset, the legacy dialect. */
const QUERIES = ["", "?events=a*,b", "?cursor=0.0", "?cursor=zzzz.1", "?cursor=0.0&events=b"];
const SUBSCRIBES = [["a"], ["a/*", "b/*"], ["*"]];

const MAX_STAY_MS = 300;
const TIMEOUT_MS = 20_000;

/** The head of a masked text frame of 126 bytes or more, and one byte of it. */
const PARTIAL_FRAME = Uint8Array.of(0x81, 0xfe, 0x01, 0x00, 1, 2, 3, 4, 0x7a);

/** @returns the connection that is still open, if it is silent: the caller has to end it */
export async function runClient(port: number, random: () => number, ending: Ending): Promise<Socket | undefined> {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const tcp = connect(port, "127.0.0.1");
  const isLegacy = random() < 0.2;
  const url = `ws://127.0.0.1:${port}/ws/stream${pick(QUERIES)}`;
  const socket = new WebSocket(url, isLegacy ? [] : ["reactor.v1"], { createConnection: () => tcp });
  socket.on("error", () => {}); // a connection that breaks closes too
  const closed = once(socket, "close");
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  if (!isLegacy) acknowledge(socket, () => random() < 0.5);
  // A legacy page may be closed right after its welcome (SPEC O5): then that is the end.
  await Promise.race([once(socket, "message", { signal: timeout }), closed]);
  if (socket.readyState === WebSocket.OPEN) {
    const events = pick(SUBSCRIBES);
    socket.send(isLegacy ? `subscribe:${events}` : JSON.stringify({ type: "subscribe", data: { events } }));
    if (random() < 0.2) await Promise.race([ping(socket, timeout), closed]);
    await Promise.race([sleep(random() * MAX_STAY_MS), closed]);
  }
  return disconnect(socket, tcp, ending, closed);
}

/** Acknowledges a page that asks for it if `acknowledges`, and otherwise catches up no further. */
function acknowledge(socket: WebSocket, acknowledges: () => boolean): void {
  socket.on("message", (data: RawData) => {
    if (String(data) === "pong") return;
    const { more, cursor } = JSON.parse(String(data)) as { more?: boolean; cursor?: string };
    if (more && acknowledges()) socket.send(JSON.stringify({ type: "ack", data: { cursor } }));
  });
}

/**
 * Waits for the pong: if a peer breaks off while a pong is on its way, workerd never reports it, and keeps what waits for
 * that socket for ever, also in a Worker of ten lines (measured with 1.20261117; compare cloudflare/workerd#7065, #7147).
 */
async function ping(socket: WebSocket, timeout: AbortSignal): Promise<void> {
  const answered = new Promise<void>((resolve, reject) => {
    socket.on("message", (data: RawData) => String(data) === "pong" && resolve());
    timeout.addEventListener("abort", () => reject(timeout.reason));
  });
  socket.send("ping");
  await answered;
}

async function disconnect(
  socket: WebSocket,
  tcp: Socket,
  ending: Ending,
  closed: Promise<unknown>,
): Promise<Socket | undefined> {
  if (socket.readyState !== WebSocket.OPEN) {
    await closed;
    return undefined;
  }
  if (ending === "silent") {
    socket.pause();
    return tcp;
  }
  if (ending === "close") socket.close(1000);
  else if (ending === "reset") tcp.resetAndDestroy();
  else tcp.end(PARTIAL_FRAME, () => tcp.destroy());
  await closed;
  return undefined;
}
