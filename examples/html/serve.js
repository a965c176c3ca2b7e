// Serves the page and the client: any server of static files will do.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";

const FILES = {
  "/": [new URL("index.html", import.meta.url), "text/html; charset=utf-8"],
  "/client.js": [import.meta.resolve("pulse-reactor/client").replace("node.js", "index.js"), "text/javascript"],
};

const server = createServer(async ({ url = "/" }, reply) => {
  const [file, type] = FILES[url.replace(/\?.*/, "")] ?? [];
  if (!file) return reply.writeHead(404).end();
  reply.writeHead(200, { "Content-Type": type }).end(await readFile(fileURLToPath(file)));
});
server.listen(Number(process.env.PORT ?? 3000), "127.0.0.1", () => {
  console.log(`Open http://127.0.0.1:${server.address().port}`);
});
