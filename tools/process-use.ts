// What another process uses, as the system says.
import { readdirSync, readFileSync } from "node:fs";

interface Process {
  readonly pid: number;
}

/** Resident memory of a process, in bytes. Linux only. */
export function residentBytes({ pid }: Process): number {
  return 1024 * Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
}

/** CPU time of a process and of its children so far, on all cores, in microseconds. Linux only. */
export function cpuUs({ pid }: Process): number {
  let us = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    us += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ")[0]) / 1e3;
    const children = readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8").trim();
    for (const child of children === "" ? [] : children.split(" ")) us += cpuUs({ pid: Number(child) });
  }
  return us;
}
