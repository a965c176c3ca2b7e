// The built client in other runtimes: it hears events, and its program exits after `close`, also where the hub stands still. Deno and Bun
// are installed in a folder of their own the first time, and skipped with a sentence where no registry has them.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server as NetServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { WebSocketServer } from "ws";
import { npm } from "../../tools/package/npm.ts";
import { serve, stopAfterwards } from "./stops.ts";

const ROOT = join(import.meta.dirname, "../..");
const HOME = join(ROOT, ".cache/runtimes");
const PINNED = { deno: "2.9.6", bun: "1.4.5" };

const binary = (name: string) => join(HOME, "node_modules/.bin", name);
const RUNTIMES: Readonly<Record<string, readonly string[]>> = {
  node: [process.execPath],
  deno: [binary("deno"), "run", "--allow-all", "--no-config"],
  bun: [binary("bun"), "run"],
};

/** The client of the package, as a runtime that is not a browser gets it. */
const CLIENT = join(ROOT, "dist/client/node.js");

const PROGRAM = `
import { connect } from ${JSON.stringify(CLIENT)};
import process from "node:process";

const [url, until] = process.argv.slice(2);
const reactor = connect(url);
reactor.on("greeting", ({ data }) => {
  console.log("heard", data.text);
  reactor.close();
});
reactor.onState((state) => {
  console.log(state);
  if (state === until) setTimeout(() => reactor.close(), 100);
});
if (until === "connecting") setTimeout(() => reactor.close(), 500);
`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "runtimes-"));
  await writeFile(join(folder, "program.mjs"), PROGRAM);
  await mkdir(HOME, { recursive: true });
  await writeFile(join(HOME, "package.json"), JSON.stringify({ private: true, dependencies: PINNED }));
  const isThere = Object.keys(PINNED).every((name) => existsSync(binary(name)));
  if (!isThere) await npm(HOME, ["install", "--fetch-retries=0"]).catch(() => {}); // said where it is skipped
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

function run(runtime: string, url: string, until = "never") {
  const [file = "", ...args] = RUNTIMES[runtime] ?? [];
  const child: ChildProcess = spawn(file, [...args, join(folder, "program.mjs"), url, until]);
  stopAfterwards(async () => void child.kill("SIGKILL"));
  const printed: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (text) => printed.push(String(text)));
  const exited = once(child, "exit").then(([code]) => code);
  return { exited, lines: () => printed.join("").trim().split("\n") };
}

/** Waits for a program to exit by itself; the test's own limit ends it. */
async function ended({ exited, lines }: ReturnType<typeof run>) {
  const code = await exited;
  return [code, lines()];
}

/** A hub that welcomes its clients, and reads nothing from then on. */
async function standingHub(): Promise<string> {
  const hub = new WebSocketServer({ port: 0, host: "127.0.0.1", handleProtocols: () => "reactor.v1" });
  const raws = new Set<Socket>();
  hub.on("connection", (socket, { socket: raw }) => {
    raws.add(raw);
    const retry = { first_ms: 500, base_ms: 500, max_ms: 20_000 };
    const data = { cursor: "k3x9.0", recovered: null, heartbeat_ms: 25_000, retry, ack: null };
    socket.send(JSON.stringify({ type: "reactor_connected", data }));
    raw.pause();
  });
  return await urlOf(hub, raws);
}

/** A server that accepts connections, and answers nothing. */
async function silentServer(): Promise<string> {
  const raws = new Set<Socket>();
  const server = createServer((raw) => void raws.add(raw.on("error", () => {})));
  server.listen(0, "127.0.0.1");
  return await urlOf(server, raws);
}

/** Once it listens. Afterwards it is stopped, and its connections are ended. */
async function urlOf(server: WebSocketServer | NetServer, raws: ReadonlySet<Socket>): Promise<string> {
  await once(server, "listening");
  stopAfterwards(async () => {
    for (const raw of raws) raw.destroy();
    server.close();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
}

it("spares browsers what ends sockets in Node and Deno", async () => {
  const [page, node] = await Promise.all(
    ["index.js", "node.js"].map((file) => readFile(join(ROOT, "dist/client", file), "utf8")),
  );
  const ends = /undici|tryClose/;
  expect([ends.test(String(page)), ends.test(String(node))]).toEqual([false, true]);
  const { exports } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8"));
  expect(Object.keys(exports["./client"])).toEqual(["types", "node", "default"]); // the first that applies is taken
});

for (const runtime of Object.keys(RUNTIMES)) {
  const inRuntime = (name: string, test: () => Promise<void>) =>
    it(`${name}, in ${runtime}`, async ({ skip }) => {
      const [file = ""] = RUNTIMES[runtime] ?? [];
      skip(!existsSync(file), `${runtime} is not installed: npm could not install it in .cache/runtimes.`);
      await test();
    });

  inRuntime("hears events and exits after close", async () => {
    const { url, post } = await serve({ vars: { HEARTBEAT_SECONDS: "0" } });
    const program = run(runtime, url);
    await expect.poll(program.lines, { timeout: 20_000 }).toContain("connected");
    await post({ type: "greeting", data: { text: "Hello" } });
    expect(await ended(program)).toEqual([0, ["connected", "heard Hello", "closed"]]);
  });

  inRuntime("[K27] exits though the hub stands still", async () => {
    expect(await ended(run(runtime, await standingHub(), "connected"))).toEqual([0, ["connected", "closed"]]);
  });

  inRuntime("[K27] exits though the handshake is never answered", async () => {
    expect(await ended(run(runtime, await silentServer(), "connecting"))).toEqual([0, ["closed"]]);
  });
}
