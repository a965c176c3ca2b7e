// Your listeners: code that runs inside the hub when an event was emitted. Add them here.
//
// They run after the event is in the log and on its way to the browsers, at most once each. The emit's answer does not
// wait for them, and what they throw is logged and affects nothing else. Return the promise of asynchronous work: the hub stays awake
// for it, up to 30 s. What they emit stands behind the event they heard, 64 events for one from outside at most. Text from an
// event goes into a line of the log through `quoted`.
//
//   bus.on("digest_created", async (digest, { emit }) => {
//     await fetch("https://example.org/hooks/digest", { method: "POST", body: JSON.stringify(digest) });
//     await emit("digest_published", { by: "hook" });
//   });

import type { EventBus } from "../core/bus/event-bus.ts";
import type { ReactorEvents } from "../core/bus/event-names.ts";
import { quoted } from "../core/printable.ts";

/** Is called once whenever the hub is constructed, before anything is emitted. */
export function addListeners(bus: EventBus<ReactorEvents>): void {
  // A working example: an unhealthy backend shows in the logs of this Worker.
  bus.on("system_health_check", (check, { event }) => {
    const { status } = Object(check);
    if (typeof status === "string" && status !== "healthy")
      console.warn(`${quoted(event.source)} says it is ${quoted(status)}.`); // a publisher's text: it could forge a line
  });
}
