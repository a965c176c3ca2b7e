// An open loop: events are due at fixed times, and neither a slow server nor a late publisher moves them.
import { once } from "node:events";
import { createServer } from "node:http";
import { describe, expect, test } from "vitest";
import { findingsOf } from "../../../bench/in-turns.ts";
import { Emitter } from "../../../bench/load/emitter.ts";
import { emitBody } from "../../../bench/load/event-body.ts";
import { Latencies } from "../../../bench/load/latencies.ts";
import { Schedule } from "../../../bench/load/schedule.ts";
import { readStamps } from "../../../bench/load/stamp.ts";
import { verdictOf } from "../../../bench/verdict.ts";

describe("a schedule", () => {
  const schedule = new Schedule(5_000_000, 20, 10);

  test("has as many events as the rate says, evenly spaced from its start", () => {
    expect([schedule.total, schedule.dueUs(0), schedule.dueUs(1), schedule.dueUs(199)]).toEqual([
      200, 5_000_000, 5_050_000, 14_950_000,
    ]);
  });

  test("a late publisher finds all that are due, and no more than there are", () => {
    const due = [4_999_999, 5_000_000, 5_049_999, 5_050_000, 5_500_000, 99_000_000].map((us) => schedule.dueBy(us));
    expect(due).toEqual([0, 1, 1, 2, 11, 200]);
  });

  test.each([1 / 3, 7, 300, 999.9])("at %d per second each event is due when its time has come", (rate) => {
    const odd = new Schedule(123_456.7, rate, 30);
    for (let number = 0; number < odd.total; number++) {
      expect(odd.dueBy(odd.dueUs(number) + 1)).toBe(number + 1);
      expect(odd.dueBy(odd.dueUs(number) - 1)).toBe(number);
    }
  });
});

test("answers do not hold back the events that are due, which carry that time", async () => {
  const stamps: number[] = [];
  const answers: (() => void)[] = [];
  const server = createServer((request, response) => {
    request.on("data", (body: Buffer) => stamps.push(...readStamps(body)));
    request.on("end", () => {
      answers.push(() => response.end("{}"));
      if (answers.length === 20) for (const answer of answers) answer(); // none before all have come
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  const emitter = new Emitter({ port, bodies: [emitBody(1, 200)], atATime: 2 });
  const emitted = await emitter.runPaced(100, 0.2);
  emitter.close();
  server.close();
  expect(emitted.events).toBe(20);
  const sinceFirst = stamps.map((us) => us - Math.floor(emitted.firstUs)).sort((one, other) => one - other);
  expect(sinceFirst).toEqual(
    Array.from({ length: 20 }, (_, number) => expect.toSatisfy((us) => Math.abs(us - number * 10_000) <= 1)),
  );
  expect(emitted.answers.percentileMs(1)).toBeGreaterThan(180);
});

test("an emit that is refused ends the open loop with the refusal", async () => {
  const server = createServer((_, response) => response.writeHead(503).end()).listen(0, "127.0.0.1");
  await once(server, "listening");
  const emitter = new Emitter({
    port: (server.address() as { port: number }).port,
    bodies: [emitBody(1, 200)],
    atATime: 2,
  });
  await expect(emitter.runPaced(100, 0.2)).rejects.toThrow(/answered HTTP\/1.1 503/);
  emitter.close();
  server.close();
});

describe("servers in turns", () => {
  const round = (ms: number) => {
    const latencies = new Latencies();
    latencies.add(ms * 1e3);
    const shares = {
      serverCpu: 0.5,
      subscribersCpu: 0.5,
      eventsPerFrame: 1,
      bytesPerDelivery: 0,
      emitsPerSecond: 1,
      perSecond: 1_000,
    };
    return { events: 10, serverCpuUs: 10_000, subscribers: 100, latencies, ...shares };
  };
  const measured = (name: "Reactor" | "nchan" | "bare hub", ms: readonly number[], seconds = 10) => ({
    name,
    seconds,
    rounds: ms.map(round),
  });
  const contest = { metrics: ["p50", "cpu"], targets: { nchan: { p50: { atMost: 0.7 } } }, seconds: 10 } as const;

  test("the subject is compared with each control, round by round, and judged where there is a target", () => {
    const sides = [measured("Reactor", [10, 10]), measured("nchan", [20, 20]), measured("bare hub", [5, 5], 2)];
    const findings = findingsOf(contest, sides, []);
    expect(findings.map(({ what, control }) => `${what}, ${control?.name}`)).toEqual([
      "p50, nchan",
      "p50, bare hub, 2 s",
      "server CPU per delivery, nchan",
      "server CPU per delivery, bare hub, 2 s",
    ]);
    expect(findings.map((finding) => verdictOf(finding).met)).toEqual([true, null, null, null]);
    expect(findings[2]?.subject).toEqual([10, 10]); // µs: 10,000 for 10 events to 100 readers
  });

  test("a peer that is not installed is left out with a sentence, and the subject is reported alone", () => {
    const findings = findingsOf(contest, [measured("Reactor", [10])], ["nchan is left out: there is no nginx"]);
    expect(findings.map(({ what, control }) => [what, control])).toEqual([
      ["p50", undefined],
      ["server CPU per delivery", undefined],
    ]);
    expect(findings[1]?.note).toContain("nchan is left out");
  });
});
