// A bad network between a client and a server: it can freeze, as for a phone in a tunnel, and break without a close frame.

import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect, createServer, type Socket } from "node:net";

export interface TcpProxy {
  readonly url: string;
  /** Nothing passes, in either direction; what was sent waits where it is. */
  freeze(): void;
  thaw(): void;
  /** Breaks every connection, without a close frame. */
  cut(): void;
  close(): Promise<void>;
}

/** @param port of the server on 127.0.0.1 */
export async function startProxy(port: number): Promise<TcpProxy> {
  const open = new Set<Socket>();
  let frozen = false;
  const server = createServer((near) => {
    const far = connect(port, "127.0.0.1");
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(from);
      from.on("data", (chunk) => {
        if (!to.write(chunk)) from.pause();
      });
      to.on("drain", () => frozen || from.resume());
      from.on("error", () => to.destroy());
      from.on("close", () => {
        open.delete(from);
        to.destroy();
      });
      if (frozen) from.pause();
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    freeze() {
      frozen = true;
      for (const socket of open) socket.pause();
    },
    thaw() {
      frozen = false;
      for (const socket of open) socket.resume();
    },
    cut() {
      for (const socket of open) socket.destroy();
    },
    async close() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
