// node open.ts sockets rounds seconds rate,rate -- name=worker name=worker bare
import { startBareHub, startReactor } from "./servers/start.ts";
import { type Load, Side } from "./side.ts";
import { Stage } from "./stage.ts";
const [sockets, rounds, seconds, rates, ...names] = process.argv.slice(2);
const round = (n: number) => (n >= 100 ? Math.round(n) : Math.round(n * 10) / 10);
const median = (v: number[]) => round(v.toSorted((a, b) => a - b)[Math.floor(v.length / 2)] ?? 0);
await Stage.set(async (stage) => {
  for (const rate of (rates ?? "20").split(",")) {
    const sides: [string, Side][] = [];
    const closed = rate.startsWith("c");
    const load: Load = { batch: 1, atATime: closed ? Number(rate.slice(1)) : 64, ...(!closed && { postsPerSecond: Number(rate) }), subscribers: { count: Number(sockets), dialect: "v1" } };
    for (const name of names) {
      const server = name === "bare" ? startBareHub() : startReactor(name.split("=")[1] ?? "");
      sides.push([name.split("=")[0] ?? "", await Side.open(stage, await stage.start(server), load)]);
    }
    for (const [, side] of sides) await side.measure(1);
    for (let r = 0; r < Number(rounds); r++) for (const [, side] of r % 2 ? sides.toReversed() : sides) side.rounds.push(await side.measure(Number(seconds)));
    for (const [name, side] of sides) {
      const m = (f: (r: any) => number) => median(side.rounds.map(f));
      console.log(rate.padStart(5), name.padEnd(10), "hwm", (await import("node:fs")).readFileSync(`/proc/${(side.server as any).pid}/status`, "utf8").match(/VmHWM:\s+(\d+)/)?.[1], "p50", m((r) => r.latencies.percentileMs(0.5)), "p99", m((r) => r.latencies.percentileMs(0.99)), "del/s", Math.round(m((r) => r.perSecond)), "cpu/del us", m((r) => r.serverCpuUs / r.events / Number(sockets)), "cpu", m((r) => r.serverCpu), "subs", m((r) => r.subscribersCpu), "ev/frame", m((r) => r.eventsPerFrame));
    }
  }
});
process.exit();
