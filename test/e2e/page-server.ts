// The server of a site in front of the hub, as of legacy pages: its own page at `/`, everything else from the hub. So a page
// has the origin under which it reaches the hub, and only the headers of its own site.
import { once } from "node:events";
import { createServer, type IncomingMessage, request } from "node:http";
import type { AddressInfo, Socket } from "node:net";

export interface PageServer {
  readonly url: string;
  readonly wsUrl: string;
  stop(): Promise<void>;
}

/**
 * @param hubPort on 127.0.0.1; the hub may be restarted meanwhile
 * @param files that the site has, by path
 * @param isHidden whether the hub is told its own host, as by proxies that do not pass on the site's
 */
export async function startPageServer(
  hubPort: number,
  html: string,
  files: Readonly<Record<string, string>> = {},
  isHidden = false,
): Promise<PageServer> {
  const open = new Set<Socket>();
  const forward = ({ method, url, headers }: IncomingMessage) =>
    request({
      host: "127.0.0.1",
      port: hubPort,
      method,
      path: url,
      headers: isHidden ? { ...headers, host: `127.0.0.1:${hubPort}` } : headers,
    });

  const server = createServer((incoming, reply) => {
    if (incoming.url === "/") {
      reply.writeHead(200, { "Content-Type": "text/html; charset=utf-8" }).end(html);
      return;
    }
    const path = incoming.url as `/${string}.js`;
    const file = files[path];
    if (file !== undefined) {
      const type = path.endsWith(".js") ? "text/javascript" : "text/html";
      reply.writeHead(200, { "Content-Type": `${type}; charset=utf-8` }).end(file);
      return;
    }
    const outgoing = forward(incoming);
    outgoing.on("response", (answer) => {
      reply.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(reply);
    });
    outgoing.on("error", () => reply.destroy());
    incoming.pipe(outgoing);
  });

  server.on("upgrade", (incoming, near: Socket) => {
    const outgoing = forward(incoming);
    outgoing.on("upgrade", (answer, far, head) => {
      near.write(`HTTP/1.1 101 Switching Protocols\r\n${headerLines(answer)}\r\n\r\n`);
      near.write(head);
      far.pipe(near).pipe(far);
      far.on("error", () => near.destroy()).on("close", () => near.destroy());
      near.on("error", () => far.destroy()).on("close", () => far.destroy());
    });
    outgoing.on("response", () => near.destroy()); // a refused upgrade: a browser sees 1006 in any case
    outgoing.on("error", () => near.destroy());
    outgoing.end();
  });

  server.on("connection", (socket) => {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    wsUrl: `ws://127.0.0.1:${port}`,
    async stop() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

function headerLines({ rawHeaders }: IncomingMessage): string {
  return rawHeaders
    .map((text, index) => (index % 2 === 0 ? `${text}: ` : `${text}\r\n`))
    .join("")
    .trimEnd();
}
