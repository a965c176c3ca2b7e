// The hub of chaos: the built Worker in its own workerd, with its state on disk, on the same port after each restart.
import type { ChildProcess } from "node:child_process";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { unstable_getMiniflareWorkerOptions, unstable_readConfig } from "wrangler";
import { BUILT_WORKER, buildIfStale } from "../dev/built-worker.ts";
import { ROOT } from "../program.ts";

export const API_KEY = "chaos";

/** Far above what a run of chaos emits: the checker expects every event. */
const KEEP_ALL = { RETENTION_EVENTS: "10000000", RETENTION_HOURS: "24", RETENTION_BYTES: String(8 * 2 ** 30) };

export interface ServerOptions {
  /** Variables in addition to those of wrangler.toml. */
  readonly vars?: Readonly<Record<string, string>>;
  /** Whether workerd has an inspector. */
  readonly inspected?: boolean;
}

export class ChaosServer {
  readonly #stateFolder: string;
  readonly #options: ServerOptions;
  #miniflare!: Miniflare;
  #workerd: ChildProcess[] = [];
  #port = 0;
  #name = "";

  private constructor(stateFolder: string, options: ServerOptions) {
    this.#stateFolder = stateFolder;
    this.#options = options;
  }

  /** Builds the Worker first if its sources are newer. */
  static async start(options: ServerOptions = {}): Promise<ChaosServer> {
    await buildIfStale();
    const cache = join(ROOT, "node_modules/.cache/chaos");
    await mkdir(cache, { recursive: true });
    const server = new ChaosServer(await mkdtemp(join(cache, "state-")), options);
    await server.#run();
    return server;
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** The ids of its processes. */
  get processIds(): readonly number[] {
    return this.#workerd.flatMap(({ pid }) => pid ?? []);
  }

  /** The address of V8's inspector, as `host:port`, if the server is `inspected`. */
  async inspector(): Promise<string> {
    return (await this.#miniflare.getInspectorURL()).host;
  }

  /**
   * Evicts the hub from memory and keeps its sockets, as after some idle seconds. Miniflare blocks this thread meanwhile,
   * and the links with it, for up to 30 s if the hub waits for one of them.
   *
   * @returns whether it was evicted: not if the hub sleeps already, or is busy
   */
  evict(): Promise<boolean> {
    const hub = { name: "main", webSockets: "hibernate" } as const;
    return this.#miniflare.unsafeEvictDurableObject(this.#name, "Hub", hub).then(
      () => true,
      (error: Error) => {
        if (/not currently running|active references/.test(error.message)) return false;
        throw error;
      },
    );
  }

  /** Ends workerd by SIGKILL, and starts another with its state. */
  async killAndRestart(): Promise<void> {
    const ended = this.#workerd.map((child) => once(child, "exit"));
    for (const child of this.#workerd) child.kill("SIGKILL");
    await Promise.all(ended);
    await this.#miniflare.dispose();
    await this.#run();
  }

  async stop(): Promise<void> {
    await this.#miniflare.dispose();
    await rm(this.#stateFolder, { recursive: true, force: true });
  }

  async #run(): Promise<void> {
    const config = unstable_readConfig({ config: join(ROOT, "wrangler.toml") });
    this.#name = config.name ?? "";
    const children: ChildProcess[] = [];
    const onChild = (message: unknown) => children.push((message as { process: ChildProcess }).process);
    subscribe("child_process", onChild); // Miniflare does not expose its workerd
    this.#miniflare = new Miniflare(
      convertV4MiniflareOptions({
        ...unstable_getMiniflareWorkerOptions(config).workerOptions,
        name: this.#name,
        modules: [{ type: "ESModule", path: BUILT_WORKER }],
        modulesRoot: dirname(BUILT_WORKER),
        bindings: {
          ...(config.vars as Record<string, string>),
          REACTOR_API_KEY: API_KEY,
          ...(this.#options.vars ?? KEEP_ALL),
        },
        host: "127.0.0.1",
        port: this.#port,
        cf: false,
        ...(this.#options.inspected && { inspectorPort: 0 }),
        resourcePersistencePath: this.#stateFolder,
      }),
    );
    this.#port = Number((await this.#miniflare.ready).port);
    unsubscribe("child_process", onChild);
    this.#workerd = children.filter(({ spawnfile }) => spawnfile.includes("workerd"));
  }
}
