// The built Worker in workerd, as it is deployed: what wrangler.toml says, on 127.0.0.1, to be stopped, killed, restarted.
import type { ChildProcess } from "node:child_process";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { mkdtemp } from "node:fs/promises";
import { dirname, join } from "node:path";
import { convertV4MiniflareOptions, Miniflare, type V4WorkerOptions } from "miniflare";
import { inject } from "vitest";

const API_KEY = "dev-key";

/** What is deployed, read by the setup: wrangler takes a second to import, and tests need not wait for it. */
export interface BuiltWorker {
  readonly name: string;
  readonly file: string;
  readonly hubClass: string;
  /** As wrangler.toml has them. */
  readonly vars: Readonly<Record<string, string>>;
  readonly options: Omit<V4WorkerOptions, "bindings" | "name">;
}

export interface ServerOptions {
  /** Variables besides those of wrangler.toml. REACTOR_API_KEY is `dev-key` unless given. */
  readonly vars?: Readonly<Record<string, string>>;
  /** A free one unless given; a restart takes the port of the one before. */
  readonly port?: number;
  /** Keep the hub's state in a new folder, `persistTo`, that outlives the server. */
  readonly keepState?: boolean;
  /** Go on with the state in this folder. */
  readonly persistTo?: string | undefined;
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
  /** Puts the hub of a channel to sleep, as the platform does when nothing happens: its sockets stay. */
  evict(channel?: string): Promise<void>;
  stop(): Promise<void>;
  /** Ends workerd by SIGKILL, like a crash. */
  kill(): Promise<void>;
}

/** One at a time: a workerd that starts meanwhile would be taken for this server's. */
export async function startServer(options: ServerOptions = {}): Promise<Server> {
  const { vars = {}, port = 0, keepState = false } = options;
  const persistTo = options.persistTo ?? (keepState ? await mkdtemp(join(inject("stateFolder"), "state-")) : undefined);
  const worker = inject("worker");
  const children = watchChildren();
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      ...worker.options,
      name: worker.name,
      modules: [{ type: "ESModule", path: worker.file }],
      modulesRoot: dirname(worker.file),
      bindings: { REACTOR_API_KEY: API_KEY, ...worker.vars, ...vars }, // and nothing of a developer's .dev.vars
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

/** Miniflare keeps its workerd to itself; Node tells whoever listens of each child process. */
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
