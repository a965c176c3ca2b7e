// Tabs that come, go, freeze and crash in any order: each that is still there has heard the log, whole, once and in order.
import fc from "fast-check";
import { expect, it } from "vitest";
import type { ReactorEvent } from "../../../src/wire/event.ts";
import { matchesType } from "../../../src/wire/type-match.ts";
import { type Tab, TabsBrowser } from "../../support/tabs-browser.ts";

const TYPES = ["a", "b", "c"];

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ act: fc.constant("emit" as const), type: fc.constantFrom(...TYPES) }) },
  {
    weight: 4,
    arbitrary: fc.record({ act: fc.constant("pass" as const), ms: fc.constantFrom(0, 1, 3, 50, 300, 3_000, 9_000) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      act: fc.constant("open" as const),
      events: fc.constantFrom<readonly string[] | undefined>(undefined, ["a"], ["b", "c"], ["*"], []),
      from: fc.constantFrom("head", "beginning", "before", "last"),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      act: fc.constantFrom("leave" as const, "reopen" as const, "crash" as const, "freeze" as const, "thaw" as const),
      which: fc.nat(5),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      act: fc.constantFrom("cut" as const, "down" as const, "up" as const),
      which: fc.constant(0),
    }),
  },
);

it.each([false, true])(
  "[K37] [K38] [K40] gives each tab its part of the log, whatever happens; with a worker: %s",
  async (withWorker) => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.array(step, { minLength: 5, maxLength: 40 }), async (seed, steps) => {
        const browser = new TabsBrowser(seed);
        const patterns = new Map<Tab, readonly string[]>();
        const open = (events: readonly string[] | undefined, from: string) => {
          const { seq, epoch } = browser.hub.log.cursor;
          const before = `${epoch}.${Math.max(0, seq - 3)}`;
          const start = { head: {}, beginning: { cursor: "0.0" }, before: { cursor: before }, last: { last: 2 } }[from];
          const worker = withWorker ? (tab: Tab) => browser.makeWorker(tab) : undefined;
          patterns.set(browser.open({ events, ...start }, {}, worker), events ?? []);
        };
        open(undefined, "head");
        open(["a"], "head");
        for (const each of steps) {
          const alive = browser.tabs.filter((tab) => !tab.isGone);
          if (each.act === "emit") browser.emit(each.type);
          else if (each.act === "pass") await browser.pass(each.ms);
          else if (each.act === "open") alive.length < 6 && open(each.events, each.from);
          else if (each.act === "cut") browser.cut();
          else if (each.act === "down" || each.act === "up") {
            browser.isDown = each.act === "down";
            if (browser.isDown) browser.cut();
          } else {
            const tab = alive[each.which % Math.max(1, alive.length)];
            if (!tab) continue;
            if (each.act === "leave") tab.task(() => tab.reactor.close());
            if (each.act === "reopen") tab.task(() => tab.reactor.open());
            if (each.act === "crash") tab.crash();
            if (each.act === "freeze") tab.isFrozen = true;
            if (each.act === "thaw" && tab.isFrozen) tab.thaw();
          }
        }
        browser.isDown = false;
        const alive = browser.tabs.filter((tab) => !tab.isGone);
        for (const tab of alive) if (tab.isFrozen) tab.thaw();
        await browser.pass(100);
        for (const tab of alive) tab.reactor.open();
        await browser.pass(200_000);
        browser.emit("a");
        browser.emit("b");
        await browser.pass(5_000);
        const log = browser.log();
        for (const tab of alive) {
          const wanted = patterns.get(tab) ?? [];
          const isWanted = ({ type }: ReactorEvent) =>
            wanted.length === 0 || wanted.some((pattern) => matchesType(pattern, type));
          const from = Number(tab.start?.split(".")[1] ?? Number.NaN);
          const due = log.filter((event) => (event.seq ?? 0) > from && isWanted(event)).map(({ seq }) => seq);
          expect([tab.name, tab.reactor.state, tab.record]).toEqual([tab.name, "connected", due]);
        }
        if (alive.length > 0) expect(browser.sockets.size).toBe(1);
      }),
      { numRuns: Number(process.env.RUNS ?? 100) },
    );
  },
);
