// An attack of hostile clients: how they connect, what they send, and how the hub has to answer.
import { frameOf } from "../../tools/fuzz/raw-socket.ts";
import type { HostileSocket } from "./hostile-socket.ts";

/** What an attack gets. */
export interface Site {
  readonly port: number;
  /** May receive and emit `noise_*`. */
  readonly token: string;
  /** Opens a socket, which the caller closes. */
  open(): HostileSocket;
}

export interface Attack {
  readonly name: string;
  /** How many clients run it. */
  readonly clients: number;
  /** @throws an Error if the hub does not answer as it has to */
  run(site: Site): Promise<void>;
}

export const V1 = "Sec-WebSocket-Protocol: reactor.v1";

export const unknown = "unknown_message";

export async function join(site: Site, headers: readonly string[] = [], query = ""): Promise<HostileSocket> {
  const socket = site.open();
  await socket.upgrade(`/ws/stream${query}`, [`${V1}, reactor.token.${site.token}`, ...headers]);
  await socket.until("a welcome", () => socket.texts.length > 0);
  return socket;
}

export async function joinLegacy(site: Site): Promise<HostileSocket> {
  const socket = site.open();
  await socket.upgrade("/ws/stream", [`Authorization: Bearer ${site.token}`]);
  await socket.until("a welcome", () => socket.texts.length > 0);
  return socket;
}

/** Expects that the socket is still open, and answered. */
export async function expectAnswer(socket: HostileSocket): Promise<void> {
  socket.send('{"type":"bye","ref":"last"}');
  await socket.receives('"ref":"last"');
}

export async function expectRefusal(site: Site, path: string, headers: readonly string[], statuses: readonly number[]) {
  const socket = site.open();
  await socket.upgrade(path, headers);
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

/** Enough for a hub on a busy machine that handles 40 per second, while its rate limit refills 20 per second. */
export const FLOOD = 600;

export function flood(clients: number, name: string, enter: typeof joinLegacy, text: string): Attack {
  return {
    name,
    clients,
    async run(site) {
      const socket = await enter(site);
      socket.write(Buffer.concat(Array(FLOOD).fill(frameOf(Buffer.from(text)))));
      await socket.closedWith(4429);
    },
  };
}

export function sent(clients: number, name: string, bytes: () => Uint8Array, ...codes: number[]): Attack {
  return {
    name,
    clients,
    async run(site) {
      const socket = await join(site);
      socket.write(bytes());
      await socket.closedWith(...codes);
    },
  };
}

/** Messages that are each answered with the code `answer`, on a socket that stays open. */
export function answered(clients: number, name: string, answer: string, ...texts: string[]): Attack {
  return {
    name,
    clients,
    async run(site) {
      const socket = await join(site);
      const answers = socket.receives(`"code":"${answer}"`, texts.length);
      for (const text of texts) socket.send(text);
      await answers;
      await expectAnswer(socket);
    },
  };
}
