// What a bench sets up, and tears down however it ends: servers, subscribers, publishers.

import { cpuUs } from "../tools/process-use.ts";
import { Emitter } from "./load/emitter.ts";
import type { EmitBody } from "./load/event-body.ts";
import type { GroupOptions } from "./load/load-group.ts";
import { LoadThread, type RemoteGroup } from "./load/load-thread.ts";
import type { Server } from "./servers/server.ts";

let offers = false;

/** All subscribers that are opened from now on connect as browsers do. */
export function connectAsBrowsers(): void {
  offers = true;
}

export class Stage {
  /** CPU time of all servers of all stages that were stopped. */
  static serversCpuUs = 0;
  readonly #load = new LoadThread();
  readonly #servers = new Set<Server>();
  readonly #emitters: Emitter[] = [];

  /** Runs `play` on a new stage. */
  static async set<T>(play: (stage: Stage) => Promise<T>): Promise<T> {
    const stage = new Stage();
    try {
      return await play(stage);
    } catch (error) {
      const lastLines = [...stage.#servers].flatMap(({ name, output }) =>
        output.slice(-5).map((line) => `${name}: ${line}`),
      );
      throw new Error([(error as Error).message, ...lastLines].join("\n"), { cause: error });
    } finally {
      for (const emitter of stage.#emitters) emitter.close();
      await stage.#load.stop();
      await Promise.all([...stage.#servers].map((server) => stage.stop(server)));
    }
  }

  async start(starting: Promise<Server>): Promise<Server> {
    const server = await starting;
    this.#servers.add(server);
    return server;
  }

  async stop(server: Server): Promise<void> {
    this.#servers.delete(server);
    Stage.serversCpuUs += cpuUs(server);
    await server.stop();
  }

  /** @param options by default all subscribers receive everything, over `/ws/stream` in v1 from a Reactor, `/` from a control */
  open(
    server: Server,
    options: Omit<GroupOptions, "port" | "path" | "dialect"> & Partial<GroupOptions>,
  ): Promise<RemoteGroup> {
    const ours = server.name === "Reactor" ? ({ path: "/ws/stream?", dialect: "v1" } as const) : null;
    const { path = "/", dialect = "frames" } = ours ?? server.speaks ?? {};
    return this.#load.open({ path, dialect, offers, port: server.port, ...options });
  }

  /** @param bodies of POSTs that repeat themselves; usually one */
  publish(server: Server, bodies: EmitBody | readonly EmitBody[], atATime: number): Emitter {
    const { port, speaks } = server;
    const emitter = new Emitter({ port, bodies: [bodies].flat(), atATime, ...(speaks && { to: speaks.to }) });
    this.#emitters.push(emitter);
    return emitter;
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
