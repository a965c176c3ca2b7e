// A visitor of the soak: comes, subscribes, takes some of what it is sent, and goes, often without a word.
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type RawData, WebSocket } from "ws";

/**
 * How it goes. `close`: as it should. `reset`: by a RST. `torn`: in the middle of a frame. `silent`: not at all, its
 * connection stands, and nothing comes and nothing is read any more.
 */
export const WAYS_TO_GO = ["close", "reset", "torn", "silent"] as const;
export type WayToGo = (typeof WAYS_TO_GO)[number];

/** Each holds another part of the hub: groups, patterns, catching up, a reset, the legacy dialect. */
const QUERIES = ["", "?events=a*,b", "?cursor=0.0", "?cursor=zzzz.1", "?cursor=0.0&events=b"];
const SUBSCRIBES = [["a"], ["a/*", "b/*"], ["*"]];

const MAX_STAY_MS = 300;
const PATIENCE_MS = 20_000;

/** The head of a masked text frame of 126 bytes or more, and then no such frame. */
const HALF_A_FRAME = Uint8Array.of(0x81, 0xfe, 0x01, 0x00, 1, 2, 3, 4, 0x7a);

/** @returns the connection that still stands, if it went silently: whoever opened it has to end it */
export async function visit(port: number, random: () => number, way: WayToGo): Promise<Socket | undefined> {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const tcp = connect(port, "127.0.0.1");
  const isOld = random() < 0.2;
  const url = `ws://127.0.0.1:${port}/ws/stream${pick(QUERIES)}`;
  const socket = new WebSocket(url, isOld ? [] : ["reactor.v1"], { createConnection: () => tcp });
  socket.on("error", () => {}); // a connection that breaks closes too
  const closed = once(socket, "close");
  const patience = AbortSignal.timeout(PATIENCE_MS);
  if (!isOld) answer(socket, () => random() < 0.5);
  // A legacy page may be let go right after its welcome (SPEC O5): that is how this visit ends, then.
  await Promise.race([once(socket, "message", { signal: patience }), closed]);
  if (socket.readyState === WebSocket.OPEN) {
    const events = pick(SUBSCRIBES);
    socket.send(isOld ? `subscribe:${events}` : JSON.stringify({ type: "subscribe", data: { events } }));
    if (random() < 0.2) await Promise.race([ping(socket, patience), closed]);
    await Promise.race([sleep(random() * MAX_STAY_MS), closed]);
  }
  return go(socket, tcp, way, closed);
}

/** Acknowledges what asks for it, or not, and then catches up no further. */
function answer(socket: WebSocket, isMinded: () => boolean): void {
  socket.on("message", (data: RawData) => {
    if (String(data) === "pong") return;
    const { more, cursor } = JSON.parse(String(data)) as { more?: boolean; cursor?: string };
    if (more && isMinded()) socket.send(JSON.stringify({ type: "ack", data: { cursor } }));
  });
}

/**
 * Waits for the answer: of a peer that breaks off while a pong is on its way to it workerd tells nobody, and holds what
 * waits there for ever, also in a Worker of ten lines (measured with 1.20261117; compare cloudflare/workerd#7065, #7147).
 */
async function ping(socket: WebSocket, patience: AbortSignal): Promise<void> {
  const answered = new Promise<void>((resolve, reject) => {
    socket.on("message", (data: RawData) => String(data) === "pong" && resolve());
    patience.addEventListener("abort", () => reject(patience.reason));
  });
  socket.send("ping");
  await answered;
}

async function go(socket: WebSocket, tcp: Socket, way: WayToGo, closed: Promise<unknown>): Promise<Socket | undefined> {
  if (socket.readyState !== WebSocket.OPEN) {
    await closed;
    return undefined;
  }
  if (way === "silent") {
    socket.pause();
    return tcp;
  }
  if (way === "close") socket.close(1000);
  else if (way === "reset") tcp.resetAndDestroy();
  else tcp.end(HALF_A_FRAME, () => tcp.destroy());
  await closed;
  return undefined;
}
