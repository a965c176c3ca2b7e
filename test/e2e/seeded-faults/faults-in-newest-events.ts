// Faults in a socket that begins with the newest events: S11, and O7 in the legacy dialect.
import type { Fault, FaultySocket } from "../faulty-hub.ts";
import { asks } from "./altered-answers.ts";
import { beginningLater, changed, type Frame, onSocket, twice, withoutFirst } from "./altered-messages.ts";
import type { SeededFault } from "./seeded-fault.ts";

/** Changes the messages of sockets with `last`. */
const withLast = (socketOf: (last: number, close: (code: number) => void) => FaultySocket): Fault =>
  onSocket((_, close, { query }) => (query.has("last") ? socketOf(Number(query.get("last")), close) : {}));

/** Changes the frame with the newest events, or the one after it. */
function changesFrame(which: "newest" | "next", change: (frame: Frame, newest: Frame) => Frame[]): Fault {
  return withLast(() => {
    const seen: Frame[] = [];
    return {
      down: changed((frame) => {
        if (!frame.events?.length) return [frame];
        seen.push(frame);
        return seen.length === (which === "newest" ? 1 : 2) ? change(frame, seen[0]) : [frame];
      }),
    };
  });
}

/** The last event of the frame before is there again. */
function overlapping(frame: Frame, { events }: Frame): Frame[] {
  return [{ ...frame, after: frame.after - 1, events: [events.at(-1), ...frame.events] }];
}

/** Changes the messages of a legacy page: the welcome, then each event. @param n how many events were there before */
const changesEvent = (change: (text: string, n: number, last: number, close: (code: number) => void) => string[]) =>
  withLast((last, close) => {
    let events = 0;
    return { down: (text) => (text.includes('"seq":') ? change(text, events++, last, close) : [text]) };
  });

function reversed(): Fault {
  let newest: string[] = [];
  return changesEvent((text, n, last) => {
    newest = n === 0 ? [text] : [text, ...newest];
    return n < last - 1 ? [] : n === last - 1 ? newest : [text];
  });
}

function welcomingLate(): Fault {
  return withLast(() => {
    let welcome: string | undefined;
    return {
      down(text) {
        if (text.includes("reactor_connected")) welcome = text;
        const sent = welcome === text ? [] : welcome === undefined ? [text] : [text, welcome];
        if (welcome !== text) welcome = undefined;
        return sent;
      },
    };
  });
}

function repeating(): Fault {
  let previous = "";
  return changesEvent((text, n, last) => {
    const sent = n === last ? [previous, text] : [text];
    previous = text;
    return sent;
  });
}

export const FAULTS_IN_NEWEST_EVENTS: readonly SeededFault[] = [
  {
    rule: "S11",
    hub: "ignores last",
    reason: /the welcome's position with \{"last":5\}/,
    fault: asks((query) => query.delete("last")),
  },
  {
    rule: "S11",
    hub: "begins with the oldest",
    reason: /recovered with/,
    fault: asks((query) => {
      if (query.has("last")) query.set("cursor", "0.0");
      query.delete("last");
    }),
  },
  {
    rule: "S11",
    hub: "welcomes at the head before it sends the newest",
    reason: /the welcome's position/,
    fault: withLast((last) => ({
      down: changed((frame) => {
        if (frame.type !== "reactor_connected") return [frame];
        const cursor = frame.data.cursor.replace(/\d+$/, (seq: string) => Number(seq) + last);
        return [{ ...frame, data: { ...frame.data, cursor } }];
      }),
    })),
  },
  {
    rule: "S11",
    hub: "begins with fewer",
    reason: /the seqs with \{"last":5\}/,
    fault: changesFrame("newest", (frame) => withoutFirst(frame)),
  },
  {
    rule: "S11",
    hub: "sends the newest twice",
    reason: /each event once/,
    fault: changesFrame("newest", twice),
  },
  {
    rule: "S11",
    hub: "loses the event behind the newest",
    reason: /the seqs over the seam/,
    fault: changesFrame("next", (frame) => withoutFirst(frame)),
  },
  {
    rule: "S11",
    hub: "sends the last of the newest again, live",
    reason: /each event once/,
    fault: changesFrame("next", overlapping),
  },
  {
    rule: "S11",
    hub: "begins the frame behind the newest later",
    reason: /got a gap/,
    fault: changesFrame("next", (frame) => beginningLater(frame)),
  },
  {
    rule: "S11",
    hub: "sends 1,000 where more are asked for",
    reason: /an upgrade with {"last":"1001"}: expected a refusal/,
    fault: asks((query) => Number(query.get("last")) > 1_000 && query.set("last", "1000")),
  },
  {
    rule: "S11",
    hub: "prefers a cursor to last",
    reason: /an upgrade with {"last":1,"cursor".*: expected a refusal/,
    fault: asks((query) => query.has("cursor") && query.delete("last")),
  },
  {
    rule: "O7",
    hub: "ignores last",
    reason: /the welcome's position/,
    fault: asks((query) => query.delete("last")),
  },
  {
    rule: "O7",
    hub: "closes a socket behind the newest events, as behind a replay",
    reason: /a message, got a close/,
    fault: changesEvent((text, n, last, close) => {
      if (n === last - 1) setTimeout(() => close(4408));
      return [text];
    }),
  },
  {
    rule: "O7",
    hub: "sends the newest events in descending order",
    reason: /seqs \[26,28,30,32\], got \[30,28,26,32\]/,
    fault: reversed(),
  },
  {
    rule: "O7",
    hub: "sends an event before the welcome",
    reason: /a welcome first/,
    fault: welcomingLate(),
  },
  {
    rule: "O7",
    hub: "sends the last of the newest again, live",
    reason: /seqs \[26,28,30,32\], got \[26,28,30,30\]/,
    fault: repeating(),
  },
];
