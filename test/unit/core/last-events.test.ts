import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { includes } from "../../../src/core/access/rights.ts";
import { MemoryLog } from "../../../src/core/log/memory-log.ts";
import { draftOf } from "../../support/drafts.ts";
import { HubInMemory } from "../../support/hub-in-memory.ts";
import type { RecordingSocket } from "../../support/recording-socket.ts";
import { count, seqsOf } from "../../support/what-was-sent.ts";
import { WireClient } from "../../support/wire-client.ts";

const welcomeOf = (socket: RecordingSocket) => socket.frames()[0].data;

describe("[S11] a subscriber that asks for the newest events", () => {
  it("is welcomed just before them, and is live behind them", () => {
    const hub = new HubInMemory();
    hub.emit(10);
    const socket = hub.join({ last: 3 });
    expect(welcomeOf(socket)).toMatchObject({ cursor: "abc.7", recovered: null });
    hub.emit();
    expect(socket.frames().slice(1)).toMatchObject([
      { type: "reactor_events", after: 7, cursor: "abc.10" },
      { type: "reactor_events", after: 10, cursor: "abc.11" },
    ]);
    expect(seqsOf(socket)).toEqual([8, 9, 10, 11]);
  });

  it("receives those that match its patterns and its rights", () => {
    const hub = new HubInMemory();
    for (let n = 0; n < 12; n++) hub.emit(1, ["a", "b", "c"][n % 3]);
    const socket = hub.join({ last: 2, asked: ["a", "b"], allowed: ["b", "c"] });
    expect([welcomeOf(socket).cursor, seqsOf(socket)]).toEqual(["abc.7", [8, 11]]);
  });

  it("is welcomed at the head where none matches, and at 0.0 before the first event", () => {
    const hub = new HubInMemory();
    expect(welcomeOf(hub.join({ last: 5 }))).toMatchObject({ cursor: "0.0", recovered: null });
    hub.emit(3);
    const socket = hub.join({ last: 5, asked: ["nothing"] });
    expect([welcomeOf(socket).cursor, socket.sent.length]).toEqual(["abc.3", 1]);
  });

  it("receives all there is where that is less", () => {
    const log = new MemoryLog();
    const hub = new HubInMemory(log);
    hub.emit(10);
    log.trim({ maxEvents: 4, maxAgeMs: Infinity, maxBytes: Infinity }, 0);
    const socket = hub.join({ last: 50 });
    expect([welcomeOf(socket).cursor, seqsOf(socket)]).toEqual(["abc.6", [7, 8, 9, 10]]);
  });

  it("catches up page by page, as it acknowledges them", () => {
    const hub = new HubInMemory();
    for (let n = 0; n < 30; n++) hub.emit([draftOf({ type: "a", data: "x".repeat(10_000) })]);
    const socket = hub.join({ last: 20 });
    expect(welcomeOf(socket).cursor).toBe("abc.10");
    expect(socket.frames()[1]).toMatchObject({ after: 10, more: true });
    hub.emit();
    for (let acked = 1; acked < socket.sent.length; acked++) hub.ack(socket, socket.frames()[acked].cursor);
    expect(seqsOf(socket)).toEqual(count(11, 31));
  });

  it("receives fewer where they take over 4 MiB, or lie behind 10,000 others", () => {
    const hub = new HubInMemory();
    hub.emit(1, "rare");
    for (let n = 0; n < 10; n++) hub.emit(1_000, "often");
    hub.emit(1, "rare");
    const rare = hub.join({ last: 2, asked: ["rare"] });
    expect([welcomeOf(rare).cursor, seqsOf(rare)]).toEqual(["abc.10001", [10_002]]);
    for (let n = 0; n < 20; n++) hub.emit([draftOf({ type: "a", data: "x".repeat(250_000) })]);
    expect(welcomeOf(hub.join({ last: 20 })).cursor).toBe("abc.10006");
  });
});

describe("[O7] a legacy page that asks for the newest events", () => {
  const seqs = (socket: RecordingSocket) =>
    socket
      .frames()
      .slice(1)
      .map(({ seq }) => seq);

  it("receives them as frames of their own, and is live behind them", () => {
    const hub = new HubInMemory();
    for (let n = 0; n < 12; n++) hub.emit(1, ["a", "b", "c"][n % 3]);
    const socket = hub.join({ dialect: "legacy", last: 2, asked: ["a", "b"], allowed: ["b", "c"] });
    expect(welcomeOf(socket)).toMatchObject({ cursor: "abc.7", recovered: null });
    hub.evict();
    hub.emit(1, "b");
    expect(seqs(socket)).toEqual([8, 11, 13]);
    expect(socket.frames()[1]).toMatchObject({ type: "b", cursor: "abc.8" });
  });

  it("receives what fits 256 KiB and stays connected: it could not come back for the rest", () => {
    const hub = new HubInMemory();
    for (let n = 0; n < 40; n++) hub.emit([draftOf({ type: "a", data: "x".repeat(10_000) })]);
    const socket = hub.join({ dialect: "legacy", last: 40 });
    expect([seqs(socket), socket.closed]).toEqual([count(16, 40), undefined]);
    hub.emit([draftOf({ type: "a", data: "x".repeat(261_400) })]);
    hub.emit(1, "b");
    const one = hub.join({ dialect: "legacy", last: 1, asked: ["a"] });
    expect(seqs(one)).toEqual([41]);
    // Many small events, of which some are cached in memory: none is looked at twice, so nothing ends this.
    for (let n = 0; n < 12; n++) hub.emit(1_000, n < 11 ? "often" : "rare");
    const rare = hub.join({ dialect: "legacy", last: 1_000, asked: ["rare"] });
    expect([seqs(rare).length, rare.closed]).toEqual([1_000, undefined]);
  });
});

const TYPES = ["a", "b", "news_x"] as const;
const SETS: readonly (readonly string[] | null)[] = [null, ["a"], ["news_*", "b"], ["nothing"]];
const emit = fc.record({
  do: fc.constant("emit"),
  type: fc.constantFrom(...TYPES),
  count: fc.integer({ min: 1, max: 5 }),
  bytes: fc.constantFrom(10, 10_000),
});
const step = fc.oneof(
  { weight: 6, arbitrary: emit },
  { weight: 6, arbitrary: fc.record({ do: fc.constant("read"), count: fc.integer({ min: 1, max: 6 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("drop") }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("evict") }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("pass"), ms: fc.nat({ max: 60 }) }) },
);
const before = fc.array(emit, { maxLength: 30 });
const keep = fc.integer({ min: 1, max: 100 });
const last = fc.integer({ min: 1, max: 20 });
const set = fc.constantFrom(...SETS);

class History {
  readonly log = new MemoryLog();
  readonly hub = new HubInMemory(this.log, { costOf: () => 40 });
  readonly #types: string[] = [];

  emit({ type, count: events, bytes }: { type: string; count: number; bytes: number }): void {
    const data = "x".repeat(bytes);
    this.hub.emit(Array.from({ length: events }, () => draftOf({ type, data })));
    this.#types.push(...Array<string>(events).fill(type));
  }

  trim(maxEvents: number): void {
    this.log.trim({ maxEvents, maxAgeMs: Infinity, maxBytes: Infinity }, 0);
  }

  /** The seqs from `from` to `to` of the events in `asked`. */
  matching(asked: readonly string[] | null, from: number, to: number): number[] {
    return this.#types.flatMap((type, n) => (n + 1 >= from && n + 1 <= to && includes(asked, type) ? [n + 1] : []));
  }

  /** What a subscriber is owed that has joined when these events were kept. */
  owed(asked: readonly string[] | null, newest: number, { oldest, head }: { oldest: number; head: number }): number[] {
    const then = this.matching(asked, oldest, head).slice(-newest);
    return [...then, ...this.matching(asked, head + 1, this.log.cursor.seq)];
  }
}

it("[S11] [F2] [R1] receives the newest that match, then what follows, without a gap or a double", () => {
  fc.assert(
    fc.property(before, keep, last, set, fc.array(step, { maxLength: 30 }), (earlier, kept, newest, asked, steps) => {
      const history = new History();
      for (const each of earlier) history.emit(each);
      history.trim(kept);
      const client = new WireClient(history.hub, asked, newest);
      const first = client.joinedAt;
      for (const each of steps) {
        client.fillBuffer();
        if (each.do === "emit") history.emit(each);
        else if (each.do === "read") for (let n = 0; n < each.count; n++) client.read();
        else if (each.do === "drop") client.drop();
        else if (each.do === "pass") history.hub.pass(each.ms);
        else history.hub.evict();
      }
      for (let round = 0; round < 2; round++) {
        history.hub.pass(0); // it may wait for its next pages
        while (client.inFlight > 0) {
          client.read();
          client.fillBuffer();
          history.hub.pass(0);
        }
        history.hub.broker.beat();
      }
      while (client.inFlight > 0) client.read();
      expect(client.received).toEqual(history.owed(asked, newest, client.joinedAt));
      expect([client.resets, client.closedWith, client.cursor.seq]).toEqual([0, undefined, history.log.cursor.seq]);
      expect(client.joinedAt.head).toBeGreaterThanOrEqual(first.head);
    }),
    { numRuns: 500 },
  );
});

it("[O7] sends a legacy page the newest that match, then what follows, without a gap or a double", () => {
  fc.assert(
    fc.property(before, keep, last, set, fc.array(step, { maxLength: 30 }), (earlier, kept, newest, asked, steps) => {
      const history = new History();
      for (const each of earlier) history.emit(each);
      history.trim(kept);
      const joinedAt = { oldest: history.log.oldest, head: history.log.cursor.seq };
      const socket = history.hub.join({ dialect: "legacy", asked, last: newest });
      for (const each of steps) {
        if (each.do === "emit") history.emit(each);
        else if (each.do === "pass") history.hub.pass(each.ms);
        else if (each.do === "evict") history.hub.evict();
      }
      history.hub.pass(1_000);
      const seqs = socket.frames().flatMap(({ seq }) => (seq === undefined ? [] : [seq]));
      expect(seqs).toEqual(history.owed(asked, newest, joinedAt));
      expect(socket.closed).toBeUndefined();
    }),
    { numRuns: 300 },
  );
});
