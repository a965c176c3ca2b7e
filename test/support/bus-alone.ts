// A bus on its own: what is emitted is recorded, and shown to nobody but a list. Time is in the test's hand.
import { EventBus } from "../../src/core/bus/event-bus.ts";
import type { ReactorEvents } from "../../src/core/bus/event-names.ts";
import type { EventText } from "../../src/core/log/event-text.ts";
import { ManualClock } from "./manual-ports.ts";

export function busAlone() {
  const clock = new ManualClock();
  const shown: string[] = [];
  const reports: string[] = [];
  /** What the hub is kept awake for; the first is the oldest. */
  const awake = new Set<Promise<unknown>>();
  let seq = 0;
  const record = (type: string, data: unknown): EventText => {
    seq += 1;
    const event = { type, data, source: "system", timestamp: "", id: `${seq}`, seq };
    return { type, event: JSON.stringify(event) };
  };
  const ports = {
    now: () => ({ ms: clock.nowMs, iso: "" }),
    after: clock.after,
    record,
    wsBroadcast: (events: readonly EventText[]) => void shown.push(...events.map(({ type }) => type)),
    report: (what: string, error: unknown) => void reports.push(`${what}: ${error}`),
    keepAwake: (promise: Promise<unknown>) => {
      awake.add(promise);
      void promise.then(() => awake.delete(promise));
    },
  };
  const bus = new EventBus<ReactorEvents>(ports);
  bus.start();
  return { bus, ports, record, shown, reports, awake, clock, pass: (ms: number) => clock.pass(ms) };
}

/** Lets what is settled be heard of: promises alone need no time. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}
