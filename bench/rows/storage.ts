import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Bench, Finding, Run, Target } from "../bench.ts";
import { emitBody } from "../load/event-body.ts";
import { API_KEY } from "../load/http-lane.ts";
import type { Server } from "../servers/server.ts";
import { startReactor } from "../servers/start.ts";
import { Stage } from "../stage.ts";

/** So few that the log is full at once: then each event that comes deletes one that was. */
const KEPT = 2_000;
const RETENTION = { RETENTION_EVENTS: String(KEPT) };

interface Load {
  readonly how: string;
  readonly batch: number;
  readonly atATime: number;
  readonly rows: Target;
  readonly syncs?: Target;
  readonly written?: Target;
}

const LOADS: readonly Load[] = [
  { how: "one at a time", batch: 1, atATime: 1, rows: { atMost: 1.1 } },
  { how: "16 at a time", batch: 1, atATime: 16, rows: { atMost: 1.1 }, syncs: { atMost: 0.25 } },
  { how: "64 at a time", batch: 1, atATime: 64, rows: { atMost: 1.1 }, syncs: { atMost: 0.1 }, written: { atMost: 2 } },
  { how: "in POSTs of 100, 4 at a time", batch: 100, atATime: 4, rows: { atMost: 0.05 } },
];

/** Per event. */
interface Costs {
  readonly rows: number;
  /** `null`: `strace` is not installed. */
  readonly syncs: number | null;
  readonly writtenKib: number;
}

export const storage: Bench = {
  name: "storage",
  question: "What does it cost to store an event of 200 bytes, until it is deleted?",
  takesSeconds: 40,
  comparesBuilds: true,
  run: (run) =>
    Stage.set(async (stage): Promise<readonly Finding[]> => {
      const servers = [await stage.start(startReactor(run.worker, RETENTION))];
      if (run.other) servers.push(await stage.start(startReactor(run.other, RETENTION)));
      for (const server of servers) await stage.publish(server, emitBody(100, 200), 4).run({ requests: KEPT / 50 });
      const findings: Finding[] = [];
      for (const [index, load] of LOADS.entries()) {
        run.progress(index / LOADS.length, load.how);
        const costs: Costs[][] = servers.map(() => []);
        for (let round = 0; round < run.rounds; round++) {
          for (const [side, server] of servers.entries()) costs[side]?.push(await measure(stage, server, load, run));
        }
        findings.push(...findingsOf(load, costs));
      }
      return findings;
    }),
};

function findingsOf(load: Load, sides: readonly (readonly Costs[])[]): readonly Finding[] {
  const of = (
    what: string,
    unit: string,
    value: (costs: Costs) => number | null,
    target?: Target,
  ): readonly Finding[] => {
    const [subject = [], other] = sides.map((costs) => costs.flatMap((each) => value(each) ?? []));
    if (subject.length === 0) return [];
    const note = other && `the other build: ${other.map((each) => each.toPrecision(3)).join(", ")}`;
    return [{ what: `${what}, ${load.how}`, unit, subject, ...(target && { target }), ...(note && { note }) }];
  };
  return [
    ...of("rows written", "", ({ rows }) => rows, load.rows),
    ...of("syncs", "", ({ syncs }) => syncs, load.syncs),
    ...of("written to disk", "KiB", ({ writtenKib }) => writtenKib, load.written),
  ];
}

async function measure(stage: Stage, server: Server, { batch, atATime }: Load, run: Run): Promise<Costs> {
  const emitter = stage.publish(server, emitBody(batch, 200), atATime);
  const syncs = await countSyncs(server);
  const [rowsBefore, bytesBefore] = [await rowsWritten(server), bytesWritten(server)];
  const { events } = await emitter.run({ seconds: run.seconds });
  const rows = (await rowsWritten(server)) - rowsBefore;
  const writtenKib = (bytesWritten(server) - bytesBefore) / 1024 / events;
  emitter.close();
  return { rows: rows / events, syncs: syncs && (await syncs()) / events, writtenKib };
}

async function rowsWritten({ port }: Server): Promise<number> {
  const headers = { Authorization: `Bearer ${API_KEY}` };
  const reply = await fetch(`http://127.0.0.1:${port}/ws/stats`, { headers });
  return ((await reply.json()) as { rows_written: number }).rows_written;
}

/** What a process had the disk write so far. Linux only. */
function bytesWritten({ pid }: Server): number {
  return Number(/^write_bytes: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, "utf8"))?.[1]);
}

/** Begins to count what a server syncs. @returns a function that ends it; `null` without strace */
async function countSyncs({ pid }: Server): Promise<(() => Promise<number>) | null> {
  try {
    execFileSync("strace", ["-V"], { stdio: "ignore" });
  } catch {
    return null;
  }
  const file = join(tmpdir(), `bench-syncs-${process.pid}-${pid}`);
  const trace = ["-f", "-q", "-e", "trace=fsync,fdatasync", "-e", "signal=none", "-o", file, "-p", String(pid)];
  const strace = spawn("strace", trace, { stdio: ["ignore", "ignore", "pipe"] });
  await new Promise((resolve) => setTimeout(resolve, 300)); // until it has attached: it does not say so
  return async () => {
    strace.kill("SIGINT");
    await once(strace, "exit");
    const calls = readFileSync(file, "utf8").match(/(fsync|fdatasync)\(\d+( <unfinished|\) )/g) ?? [];
    rmSync(file);
    return calls.length;
  };
}
