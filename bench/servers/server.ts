// A server of a bench, Reactor or a control: a process that listens on 127.0.0.1.
import { readdirSync, readFileSync } from "node:fs";
import type { PublishTo } from "../load/emitter.ts";
import type { Dialect } from "../load/load-subscriber.ts";

export interface Server {
  readonly name: string;
  readonly port: number;
  /** Its children count as it. */
  readonly pid: number;
  /** How it is published to and subscribed to; absent for Reactor and the controls that take POSTs as it does. */
  readonly speaks?: { readonly to: PublishTo; readonly path: string; readonly dialect: Dialect };
  /** The lines that it has written to its output. */
  readonly output: readonly string[];
  stop(): Promise<void>;
}

/** Resident memory of a process, in bytes. Linux only. */
export function residentBytes({ pid }: Server): number {
  return 1024 * Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
}

/** CPU time of a process and of its children so far, on all cores, in microseconds. Linux only. */
export function cpuUs({ pid }: Pick<Server, "pid">): number {
  let us = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    us += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ")[0]) / 1e3;
    const children = readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8").trim();
    for (const child of children === "" ? [] : children.split(" ")) us += cpuUs({ pid: Number(child) });
  }
  return us;
}
