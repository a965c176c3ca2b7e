// What an act of the hostile crowd is made of: who comes in, what they send, and how the hub has to take it.
import { frameOf } from "../../tools/fuzz/raw-socket.ts";
import type { HostileSocket } from "./hostile-socket.ts";

/** Where they act, and what they were given. */
export interface Site {
  readonly port: number;
  /** May hear `noise_*`, and emit it. */
  readonly token: string;
  /** A socket of theirs, which the crowd ends. */
  open(): HostileSocket;
}

export interface Act {
  readonly name: string;
  /** How many of the crowd do it. */
  readonly by: number;
  /** @throws an Error if the hub did not do what it has to */
  commit(site: Site): Promise<void>;
}

export const V1 = "Sec-WebSocket-Protocol: reactor.v1";

export const unknown = "unknown_message";

export async function join(site: Site, headers: readonly string[] = [], query = ""): Promise<HostileSocket> {
  const socket = site.open();
  await socket.knock(`/ws/stream${query}`, [`${V1}, reactor.token.${site.token}`, ...headers]);
  await socket.until("a welcome", () => socket.texts.length > 0);
  return socket;
}

export async function joinOld(site: Site): Promise<HostileSocket> {
  const socket = site.open();
  await socket.knock("/ws/stream", [`Authorization: Bearer ${site.token}`]);
  await socket.until("a welcome", () => socket.texts.length > 0);
  return socket;
}

/** The last words of who was not sent away: whatever they said before, they are still answered. */
export async function isAnswered(socket: HostileSocket): Promise<void> {
  socket.say('{"type":"bye","ref":"the last word"}');
  await socket.hears('"ref":"the last word"');
}

export async function isRefused(site: Site, path: string, headers: readonly string[], statuses: readonly number[]) {
  const socket = site.open();
  await socket.knock(path, headers);
  if (!statuses.includes(socket.status)) throw new Error(`answered ${socket.head.slice(0, 80)}`);
}

export async function request(site: Site, head: readonly string[], body: string | Uint8Array): Promise<HostileSocket> {
  const socket = site.open();
  socket.write(
    ["POST /api/events HTTP/1.1", "Host: hub.test", "Content-Type: application/json", ...head, "\r\n"].join("\r\n"),
  );
  socket.write(body);
  return socket;
}

/** Many enough for a hub that a busy machine slows down to 40 a second, and lets earn 20 a second meanwhile. */
export const FLOOD = 600;

export function flood(by: number, name: string, enter: typeof joinOld, text: string): Act {
  return {
    name,
    by,
    async commit(site) {
      const socket = await enter(site);
      socket.write(Buffer.concat(Array(FLOOD).fill(frameOf(Buffer.from(text)))));
      await socket.sentAway(4429);
    },
  };
}

export function sent(by: number, name: string, bytes: () => Uint8Array, ...codes: number[]): Act {
  return {
    name,
    by,
    async commit(site) {
      const socket = await join(site);
      socket.write(bytes());
      await socket.sentAway(...codes);
    },
  };
}

/** Said by somebody who is answered each time, and stays. */
export function said(by: number, name: string, answer: string, ...texts: string[]): Act {
  return {
    name,
    by,
    async commit(site) {
      const socket = await join(site);
      const answers = socket.hears(`"code":"${answer}"`, texts.length);
      for (const text of texts) socket.say(text);
      await answers;
      await isAnswered(socket);
    },
  };
}
