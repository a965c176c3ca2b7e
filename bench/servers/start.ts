// The servers of the benches: Reactor as built, and the controls.
import { fork } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { npm } from "../../tools/package/npm.ts";
import { startWorkerd } from "../../tools/workerd/bare-workerd.ts";
import { API_KEY } from "../load/http-lane.ts";
import type { Server } from "./server.ts";

const WOKE = "bench: the hub woke";
const ALARM = "bench: the alarm fired";

const CONTROLS = join(import.meta.dirname, "../controls");
const SOCKET_IO = join(import.meta.dirname, "../socketio");

/** @param script the built Worker @param vars in addition to the defaults */
export function startReactor(script: string, vars: Readonly<Record<string, string>> = {}): Promise<Server> {
  const itsConfig = join(dirname(script), "../../wrangler.toml"); // a build of another tree is served as that one says
  return startWorkerd({
    name: "Reactor",
    script,
    ...(existsSync(itsConfig) && { config: itsConfig }),
    hubClass: "Hub",
    vars: { REACTOR_API_KEY: API_KEY, ...vars },
  });
}

/** A Reactor that writes to its output when its hub is constructed, as on each wake, and when its alarm fires. */
export async function startCounted(script: string, vars: Readonly<Record<string, string>>): Promise<Server> {
  const folder = await mkdtemp(join(tmpdir(), "bench-"));
  const wrapper = join(folder, "worker.js");
  await writeFile(
    wrapper,
    `import worker, { Hub as BuiltHub, ReactorApi } from "./built.js";
export class Hub extends BuiltHub {
  constructor(ctx, env) {
    super(ctx, env);
    console.log("${WOKE}");
  }
  alarm(info) {
    console.log("${ALARM}");
    return super.alarm(info);
  }
}
export { ReactorApi };
export default worker;
`,
  );
  const beside = { "built.js": script };
  const bound = { REACTOR_API_KEY: API_KEY, ...vars };
  const server = await startWorkerd({ name: "Reactor", script: wrapper, hubClass: "Hub", vars: bound, beside });
  await rm(folder, { recursive: true });
  return server;
}

/** How many times the hub of a counted Reactor was constructed so far. */
export function wakesOf(server: Server): number {
  return server.output.filter((line) => line.includes(WOKE)).length;
}

/** How many times its alarm fired. */
export function alarmsOf(server: Server): number {
  return server.output.filter((line) => line.includes(ALARM)).length;
}

/** A Durable Object that loops `send` over its sockets; it stores nothing, or one row per event before it sends. */
export function startBareHub(name: "bare hub" | "bare hub that stores" = "bare hub"): Promise<Server> {
  return startControl(name, "bare-hub-worker.ts", "BareHub", name !== "bare hub");
}

/** A Durable Object that sends each event to the one socket that is there for its type. */
export function startBareFeeds(): Promise<Server> {
  return startControl("bare loop", "bare-feeds-worker.ts", "BareFeeds", false);
}

/** A Worker and a Durable Object that only pass an emit on. */
export function startDoor(): Promise<Server> {
  return startControl("bare door", "door-worker.ts", "Door", false);
}

/** Reactor's Worker before a hub that stores nothing, or one row per event. */
export function startStubHub(name: "stub hub" | "stub hub that stores" = "stub hub"): Promise<Server> {
  return startControl(name, "stub-hub-worker.ts", "Hub", name !== "stub hub");
}

async function startControl(name: string, file: string, hubClass: string, stores: boolean): Promise<Server> {
  const folder = await mkdtemp(join(tmpdir(), "bench-"));
  const script = join(folder, "worker.js");
  const external = ["cloudflare:workers"];
  await build({ entryPoints: [join(CONTROLS, file)], outfile: script, bundle: true, format: "esm", external });
  const vars = { REACTOR_API_KEY: API_KEY, ...(stores && { STORES: "true" }) };
  const server = await startWorkerd({ name, script, hubClass, vars, compresses: true });
  await rm(folder, { recursive: true });
  return server;
}

/** A bare Node server with `ws`, in a process of its own. */
export function startNodeWs(): Promise<Server> {
  return startNode("Node ws", join(CONTROLS, "ws-server.ts"));
}

/** A server that only sends prepared bytes, to measure how much the subscribers can read. */
export function startBlaster(): Promise<Server> {
  return startNode("blaster", join(CONTROLS, "blaster.ts"));
}

/** Socket.IO with a room for each type. It is installed when it is needed first: nothing else here depends on it. */
export async function startSocketIo(): Promise<Server> {
  const isInstalled = existsSync(join(SOCKET_IO, "node_modules/socket.io"));
  if (!isInstalled) await npm(SOCKET_IO, ["ci"]);
  return await startNode("Socket.IO", join(SOCKET_IO, "server.mjs"));
}

async function startNode(name: string, file: string): Promise<Server> {
  const child = fork(file, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const ended = once(child, "exit");
  const [port] = await once(child, "message");
  return {
    name,
    port: Number(port),
    pid: child.pid ?? 0,
    output: [],
    async stop() {
      child.kill();
      await ended;
    },
  };
}
