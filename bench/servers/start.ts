// The servers of the benches: Reactor as it is built, and what it is compared with.
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { API_KEY } from "../load/emitter.ts";
import type { Server } from "./server.ts";
import { startWorkerd } from "./workerd.ts";

const WOKE = "bench: the hub woke";
const RANG = "bench: its alarm rang";

const CONTROLS = join(import.meta.dirname, "../controls");

/** @param script the built Worker @param vars besides what wrangler.toml leaves at its default */
export function startReactor(script: string, vars: Readonly<Record<string, string>> = {}): Promise<Server> {
  return startWorkerd({
    name: "Reactor",
    script,
    hubClass: "Hub",
    vars: { REACTOR_API_KEY: API_KEY, ...vars },
  });
}

/** Reactor, which says in its output when its hub is made anew, as it is when it wakes, and when its alarm rings. */
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
    console.log("${RANG}");
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

/** How often the hub of a counted Reactor was made so far. */
export function wakesOf(server: Server): number {
  return server.output.filter((line) => line.includes(WOKE)).length;
}

/** How often its alarm rang. */
export function alarmsOf(server: Server): number {
  return server.output.filter((line) => line.includes(RANG)).length;
}

/** A Durable Object that loops `send` over its sockets; it stores nothing, or a row an event before it sends. */
export function startBareHub(name: "bare hub" | "bare hub that stores" = "bare hub"): Promise<Server> {
  return startControl(name, "bare-hub-worker.ts", "BareHub", name !== "bare hub");
}

/** Reactor's Worker before a hub that stores nothing, or a row an event. */
export function startBareDoor(name: "bare door" | "bare log" = "bare door"): Promise<Server> {
  return startControl(name, "bare-door-worker.ts", "Hub", name === "bare log");
}

async function startControl(name: string, file: string, hubClass: string, stores: boolean): Promise<Server> {
  const folder = await mkdtemp(join(tmpdir(), "bench-"));
  const script = join(folder, "worker.js");
  const external = ["cloudflare:workers"];
  await build({ entryPoints: [join(CONTROLS, file)], outfile: script, bundle: true, format: "esm", external });
  const vars = { REACTOR_API_KEY: API_KEY, ...(stores && { STORES: "true" }) };
  const server = await startWorkerd({ name, script, hubClass, vars });
  await rm(folder, { recursive: true });
  return server;
}

/** A bare Node server with `ws`, in a process of its own. */
export function startNodeWs(): Promise<Server> {
  return startNode("Node ws", "ws-server.ts");
}

/** A server that does nothing but send bytes that are ready: what readers can take at most is measured with it. */
export function startBlaster(): Promise<Server> {
  return startNode("blaster", "blaster.ts");
}

async function startNode(name: string, file: string): Promise<Server> {
  const child = fork(join(CONTROLS, file), { stdio: ["ignore", "inherit", "inherit", "ipc"] });
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
