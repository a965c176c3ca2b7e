// A server of a bench, Reactor or a control: a process that listens on 127.0.0.1.
import { readdirSync, readFileSync } from "node:fs";

export interface Server {
  readonly name: string;
  readonly port: number;
  readonly pid: number;
  /** The lines that it has written to its output. */
  readonly output: readonly string[];
  stop(): Promise<void>;
}

/** Resident memory of a process, in bytes. Linux only. */
export function residentBytes({ pid }: Server): number {
  return 1024 * Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
}

/** CPU time of a process so far, on all cores, in microseconds. Linux only. */
export function cpuUs({ pid }: Server): number {
  let ns = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    ns += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ")[0]);
  }
  return ns / 1e3;
}
