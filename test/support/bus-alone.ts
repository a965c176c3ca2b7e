// A bus without a broker: emitted events are recorded, and added to a list instead of sent to sockets. Time is manual.
import type { Cause } from "../../src/core/bus/cause.ts";
import { EventBus } from "../../src/core/bus/event-bus.ts";
import type { ReactorEvents } from "../../src/core/bus/event-names.ts";
import type { EventText } from "../../src/core/log/event-text.ts";
import { ManualClock } from "./manual-ports.ts";

/** Replacements of a broker's log and sockets. Each MAY throw. */
interface Doubles {
  record(type: string, data: unknown): EventText;
  broadcast(events: readonly EventText[]): void;
}

export function busAlone(doubles: (usual: Doubles) => Partial<Doubles> = () => ({})) {
  const clock = new ManualClock();
  /** What the bus takes for the time is that much ahead of its timers. */
  const wall = { aheadMs: 0 };
  const shown: string[] = [];
  const reports: string[] = [];
  /** The promises that keep the hub awake, the oldest first. */
  const awake = new Set<Promise<unknown>>();
  let seq = 0;
  const usual: Doubles = {
    record(type, data) {
      seq += 1;
      const event = { type, data, source: "system", timestamp: "", id: `${seq}`, seq };
      return { type, event: JSON.stringify(event) };
    },
    broadcast: (events) => void shown.push(...events.map(({ type }) => type)),
  };
  const { record, broadcast } = { ...usual, ...doubles(usual) };
  const report = (what: string, error: unknown) => void reports.push(`${what}: ${error}`);
  /** As a broker does after an append. */
  const deliver = (events: readonly EventText[], cause: Cause | null = null): Promise<void> =>
    bus.hold(() => {
      try {
        broadcast(events);
      } catch (error) {
        report("ws_broadcast", error);
      }
      return bus.dispatch(events, cause);
    });
  const bus: EventBus<ReactorEvents> = new EventBus<ReactorEvents>({
    now: () => ({ ms: clock.nowMs + wall.aheadMs, iso: "" }),
    after: clock.after,
    report,
    keepAwake(promise) {
      awake.add(promise);
      void promise.then(() => awake.delete(promise));
    },
    emit: (name, data, cause) => deliver([record(name, data)], cause),
  });
  bus.start();
  return { bus, record, deliver, shown, reports, awake, clock, wall, pass: (ms: number) => clock.pass(ms) };
}

/** Runs the reactions of settled promises: they need no time. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}
