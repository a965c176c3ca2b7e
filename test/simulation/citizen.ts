// Who lives in a simulation: a page of today or an old one, what it asked for, and what it took.
import { connect, type Reactor } from "../../src/client/index.ts";
import type { ClientSocket } from "../../src/client/ports.ts";
import type { Dialect } from "../../src/core/audience.ts";
import { parseCursor } from "../../src/wire/cursor.ts";
import type { ManualClock } from "../doubles/manual-ports.ts";
import { OldPage } from "./old-page.ts";

export interface Citizen {
  readonly reactor: Pick<Reactor, "state" | "cursor">;
  readonly asked: readonly string[];
  /** Where it was when it was welcomed first: it is owed what comes behind it. */
  readonly start: number;
  readonly taken: readonly { readonly seq: number; readonly type: string }[];
  /** Of each reset: what it took last before, and where it was put. */
  readonly lost: readonly { readonly after: number; readonly to: number }[];
}

export interface Surroundings {
  open(url: string, dialect: Dialect): ClientSocket;
  readonly clock: ManualClock;
  random(): number;
}

const HUB = "http://hub.test";

const seqOf = (cursor: string) => parseCursor(cursor)?.seq ?? 0;

/** What is noted of a citizen, as it goes. */
class Diary {
  start = Number.POSITIVE_INFINITY;
  readonly taken: { seq: number; type: string }[] = [];
  readonly lost: { after: number; to: number }[] = [];
  readonly asked: readonly string[];

  constructor(asked: readonly string[]) {
    this.asked = asked;
  }

  welcome(cursor: string): void {
    if (this.start === Number.POSITIVE_INFINITY) this.start = seqOf(cursor);
  }

  take(seq: number, type: string): void {
    this.taken.push({ seq, type });
  }

  reset(cursor: string): void {
    this.lost.push({ after: this.taken.at(-1)?.seq ?? this.start, to: seqOf(cursor) });
  }
}

export function settleNew(asked: readonly string[], { open, clock, random }: Surroundings): Citizen {
  const diary = new Diary(asked);
  const ports = { open: (url: string) => open(url, "v1"), after: clock.after, random };
  const reactor = connect({ url: HUB, events: asked }, ports);
  reactor.on("*", ({ seq, type }) => seq !== undefined && diary.take(seq, type));
  reactor.onReset(({ cursor }) => diary.reset(cursor));
  reactor.onState((state) => state === "live" && diary.welcome(reactor.cursor));
  return Object.assign(diary, { reactor });
}

export function settleOld(asked: readonly string[], { open, clock, random }: Surroundings): Citizen {
  const diary = new Diary(asked);
  const reactor = new OldPage({
    open(cursor) {
      const query = { ...(asked.length > 0 && { events: asked.join() }), ...(cursor !== null && { cursor }) };
      return open(`${HUB}/?${new URLSearchParams(query)}`, "old");
    },
    clock,
    random,
    onEvent: (seq, type) => diary.take(seq, type),
    onWelcome: (cursor) => diary.welcome(cursor),
    onReset: (cursor) => diary.reset(cursor),
  });
  return Object.assign(diary, { reactor });
}
