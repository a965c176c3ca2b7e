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
import { limitFiles, whyNoFullDisk, withFailingWrites } from "./chaos-disk.ts";
import { bundleWorker } from "./chaos-worker-bundle.ts";

export const API_KEY = "chaos";

/** Far above what a run of chaos emits: the checker expects every event. */
const KEEP_ALL = { RETENTION_EVENTS: "10000000", RETENTION_HOURS: "24", RETENTION_BYTES: String(8 * 2 ** 30) };

const CONTROL_MS = 3_000;

/** What the Worker and the runtime say of a hub that was aborted, or whose disk is full. */
const EXPECTED = /^The hub of channel main was interrupted |workerd\/util\/sqlite\.c\+\+|broken\.outputGateBroken/;

export interface ServerOptions {
  /** Variables in addition to those of wrangler.toml. */
  readonly vars?: Readonly<Record<string, string>>;
  /** Whether workerd has an inspector. */
  readonly inspected?: boolean;
  /** Whether its hub can be aborted, its clock set and its disk filled. */
  readonly faulty?: boolean;
}

export class ChaosServer {
  readonly #stateFolder: string;
  readonly #options: ServerOptions;
  #miniflare!: Miniflare;
  #workerd: ChildProcess[] = [];
  #port = 0;
  #name = "";
  #worker = "";
  #aheadMs = 0;
  #leftBytes: number | null = null;

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
    if (options.faulty) server.#worker = await bundleWorker();
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

  /** The hub ends itself, as the platform ends it at a deploy, and its sockets with it. */
  async abort(): Promise<void> {
    await this.#control("abort");
  }

  /** Sets the clock that Worker and hub see. @param stepMs forward, or back if negative */
  async stepClock(stepMs: number): Promise<void> {
    this.#aheadMs += stepMs;
    await this.#control(`clock?ahead_ms=${this.#aheadMs}`);
  }

  /** @param leftBytes how long a file may still become; `null`: there is room again */
  fillDisk(leftBytes: number | null): void {
    this.#leftBytes = leftBytes;
    limitFiles(this.processIds, leftBytes);
  }

  /** Ends workerd by SIGKILL, and starts another with its state, its clock and its disk. */
  async killAndRestart(): Promise<void> {
    const ended = this.#workerd.map((child) => once(child, "exit"));
    for (const child of this.#workerd) child.kill("SIGKILL");
    await Promise.all(ended);
    await this.#miniflare.dispose();
    await this.#run();
    if (this.#leftBytes !== null) this.fillDisk(this.#leftBytes);
    if (this.#aheadMs !== 0) await this.stepClock(0);
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
        modules: this.#modules(),
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
        ...(this.#options.faulty && { handleStructuredLogs: logUnexpected }),
      }),
    );
    const ready = () => this.#miniflare.ready;
    const isLimited = this.#options.faulty && whyNoFullDisk() === undefined;
    this.#port = Number((await (isLimited ? withFailingWrites(ready) : ready())).port);
    unsubscribe("child_process", onChild);
    this.#workerd = children.filter(({ spawnfile }) => spawnfile.includes("workerd"));
  }

  #modules() {
    const built = { type: "ESModule", path: BUILT_WORKER } as const;
    if (!this.#options.faulty) return [built];
    return [
      { type: "ESModule", path: join(dirname(BUILT_WORKER), "chaos.js"), contents: this.#worker } as const,
      built,
    ];
  }

  /** Gives up where workerd is killed meanwhile: then there is nothing left to do. */
  async #control(what: string): Promise<void> {
    const signal = AbortSignal.timeout(CONTROL_MS);
    await fetch(`${this.url}/chaos/${what}`, { signal }).catch(() => {});
  }
}

function logUnexpected({ message }: { readonly message: string }): void {
  if (!EXPECTED.test(message)) console.error(message);
}
