// The built Worker in workerd, configured as it is deployed, on 127.0.0.1; it can be stopped, killed and restarted.
import type { ChildProcess } from "node:child_process";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { mkdtemp } from "node:fs/promises";
import { dirname, join } from "node:path";
import { convertV4MiniflareOptions, Miniflare, type V4WorkerOptions } from "miniflare";
import { inject } from "vitest";

const API_KEY = "dev-key";

/** The deployed configuration, read by the setup: wrangler takes a second to import, and tests need not wait for it. */
export interface BuiltWorker {
  readonly name: string;
  readonly file: string;
  readonly hubClass: string;
  /** As wrangler.toml has them. */
  readonly vars: Readonly<Record<string, string>>;
  readonly options: Omit<V4WorkerOptions, "bindings" | "name">;
}

export interface ServerOptions {
  /** Variables in addition to those of wrangler.toml. REACTOR_API_KEY is `dev-key` by default. */
  readonly vars?: Readonly<Record<string, string>>;
  /** A free one by default; a restart keeps the port. */
  readonly port?: number;
  /** Stores the hub's state in a new folder, `persistTo`, which is kept after the server stops. */
  readonly keepState?: boolean;
  /** Continues with the state in this folder. */
  readonly persistTo?: string | undefined;
  /** Another build of the Worker than that in dist/. */
  readonly workerFile?: string | undefined;
}

interface PostOptions {
  readonly key?: string;
  readonly channel?: string;
}

export interface Server {
  readonly url: string;
  readonly wsUrl: string;
  readonly port: number;
  readonly persistTo: string | undefined;
  /** POSTs an event, or an array of them, to /api/events. */
  post(events: unknown, options?: PostOptions): Promise<Response>;
  /** Evicts the hub of a channel from memory, as when it is idle: its sockets stay. */
  evict(channel?: string): Promise<void>;
  stop(): Promise<void>;
  /** Ends workerd by SIGKILL, like a crash. */
  kill(): Promise<void>;
}

/** One at a time: a workerd that starts meanwhile would be mistaken for this server's. */
export async function startServer(options: ServerOptions = {}): Promise<Server> {
  const { vars = {}, port = 0, keepState = false } = options;
  const persistTo = options.persistTo ?? (keepState ? await mkdtemp(join(inject("stateFolder"), "state-")) : undefined);
  const worker = inject("worker");
  const { workerFile = worker.file } = options;
  const children = watchChildren();
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      ...worker.options,
      name: worker.name,
      modules: [{ type: "ESModule", path: workerFile }],
      modulesRoot: dirname(workerFile),
      bindings: { REACTOR_API_KEY: API_KEY, ...worker.vars, ...vars }, // without a developer's .dev.vars
      host: "127.0.0.1",
      port,
      cf: false,
      ...(persistTo && { resourcePersistencePath: persistTo }),
    }),
  );
  const { origin, host, port: actualPort } = await miniflare.ready;
  const workerd = children.started();
  return {
    url: origin,
    wsUrl: `ws://${host}`,
    port: Number(actualPort),
    persistTo,
    post: (events, { key = API_KEY, channel = "main" } = {}) =>
      fetch(`${origin}/api/events?channel=${channel}`, {
        method: "POST",
        headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
        body: JSON.stringify(events),
      }),
    evict: (channel = "main") =>
      miniflare.unsafeEvictDurableObject(worker.name, worker.hubClass, { name: channel, webSockets: "hibernate" }),
    stop: () => miniflare.dispose(),
    async kill() {
      const ended = workerd.map((child) => once(child, "exit"));
      for (const child of workerd) child.kill("SIGKILL");
      await Promise.all(ended);
      await miniflare.dispose();
    },
  };
}

/** Miniflare does not expose its workerd; a diagnostics channel of Node reports each child process. */
function watchChildren(): { started(): ChildProcess[] } {
  const children: ChildProcess[] = [];
  const onChild = (message: unknown) => children.push((message as { process: ChildProcess }).process);
  subscribe("child_process", onChild);
  return {
    started() {
      unsubscribe("child_process", onChild);
      return children.filter(({ spawnfile }) => spawnfile.includes("workerd"));
    },
  };
}
