// Who lives in a simulation: a client of today, with a token or without, a legacy page, or a plain listener; what it asked for,
// and what it took.

import { inflateRawSync } from "node:zlib";
import { inflaterOf } from "../../src/client/connection/inflate.ts";
import { connect, type Reactor } from "../../src/client/index.ts";
import { parseCursor } from "../../src/wire/cursor.ts";
import type { Patterns } from "../../src/wire/pattern.ts";
import { chooseSubprotocol, encodingOf, TOKEN_SUBPROTOCOL } from "../../src/wire/server-frame.ts";
import type { ManualClock } from "../support/manual-ports.ts";
import { LegacyPage } from "./legacy-page.ts";
import type { PageSocket } from "./link.ts";
import { PlainListener } from "./plain-listener.ts";
import type { Asking } from "./worker-double.ts";

export interface Citizen {
  readonly kind: string;
  readonly reactor: Pick<Reactor, "state" | "cursor" | "close"> &
    Partial<Pick<Reactor, "emit" | "send">> & {
      /** Sends anything, whatever the hub thinks of it. */
      say?(message: string | ArrayBuffer): void;
    };
  readonly asked: readonly string[];
  /** What each of its tokens let it hear, in the order in which it got them; empty without tokens. */
  readonly rights: readonly Patterns[];
  /** Where it was when it was welcomed first: it is owed what comes behind it. */
  readonly start: number;
  readonly taken: readonly { readonly seq: number; readonly type: string }[];
  /** Of each reset: what it took last before, and where it was put. */
  readonly lost: readonly { readonly after: number; readonly to: number }[];
  /** How often a frame began beyond its place. */
  readonly gaps: number;
  /** When it gave up for good, in the time of timers; `Infinity`: it did not. */
  readonly closedMs: number;
  /** Whether it got a token for another channel, with which it may have to leave for good. */
  readonly isElsewhere: boolean;
}

export interface Surroundings {
  open(asking: Asking): PageSocket;
  readonly clock: ManualClock;
  random(): number;
  /** Whether a client can inflate; the other half cannot. */
  readonly inflates: boolean;
}

const MAX_INFLATING_MS = 20;

const HUB = "http://hub.test";

const seqOf = (cursor: string | undefined) => parseCursor(cursor)?.seq ?? 0;

/** What is noted of a citizen, as it goes. */
class Diary {
  start = Number.POSITIVE_INFINITY;
  gaps = 0;
  closedMs = Number.POSITIVE_INFINITY;
  isElsewhere = false;
  readonly taken: { seq: number; type: string }[] = [];
  readonly lost: { after: number; to: number }[] = [];
  readonly kind: string;
  readonly asked: readonly string[];
  readonly rights: readonly Patterns[];

  constructor(kind: string, asked: readonly string[], rights: readonly Patterns[] = []) {
    this.kind = kind;
    this.asked = asked;
    this.rights = rights;
  }

  readonly onWelcome = (cursor: string | undefined): void => {
    if (this.start === Number.POSITIVE_INFINITY) this.start = seqOf(cursor);
  };

  readonly onEvent = (seq: number, type: string): void => {
    this.taken.push({ seq, type });
  };

  readonly onReset = (cursor: string): void => {
    this.lost.push({ after: this.taken.at(-1)?.seq ?? this.start, to: seqOf(cursor) });
  };

  readonly onGap = (): void => {
    this.gaps += 1;
  };
}

/** What a token lets its client hear; `elsewhere`: nothing here, it is for another channel. */
type Meant = Patterns | "elsewhere";

export type Note = (meant: Meant) => void;

/** Where a client gets its tokens from: it notes what each is meant for, and may fail. */
export type Backend = (note: Note) => string | (() => Promise<string>);

export function settleClient(asked: readonly string[], surroundings: Surroundings, backend?: Backend): Citizen {
  const { clock, random, inflates } = surroundings;
  const rights: Patterns[] = [];
  const token = backend?.((meant) => {
    if (meant === "elsewhere") diary.isElsewhere = true;
    else rights.push(meant);
  });
  const diary = new Diary(
    token === undefined ? "a client" : `a client with a ${typeof token} of tokens`,
    asked,
    rights,
  );
  const open = (url: string, protocols: readonly string[]) => {
    const shown = protocols.find((each) => each.startsWith(TOKEN_SUBPROTOCOL))?.slice(TOKEN_SUBPROTOCOL.length);
    const encoding = encodingOf(chooseSubprotocol(protocols));
    return surroundings.open({ url, dialect: "v1", encoding, token: shown });
  };
  // As a browser: in another turn, sooner or later.
  const inflater = inflaterOf(async (data) => {
    const bytes = data as Uint8Array;
    await new Promise<void>((resolve) => clock.after(bytes.byteLength % MAX_INFLATING_MS, resolve));
    return inflateRawSync(bytes).toString();
  });
  const ports = { open, after: clock.after, soon: clock.soon, random, ...(inflates && { inflater }) };
  const reactor = connect({ url: HUB, events: asked, token }, ports);
  reactor.on("*", ({ seq, type }) => seq !== undefined && diary.onEvent(seq, type));
  reactor.onReset(({ cursor }) => diary.onReset(cursor));
  reactor.onState((state, lost) => {
    if (state === "connected") diary.onWelcome(reactor.cursor);
    if (state === "closed") diary.closedMs = clock.nowMs;
    if (lost?.reason === "gap") diary.onGap();
  });
  return Object.assign(diary, { reactor });
}

/** @param issue makes the token in the page's URL, for each socket a fresh one */
export function settleLegacyPage(
  asked: readonly string[],
  address: string,
  { open, clock, random }: Surroundings,
  issue?: (note: Note) => string,
): Citizen {
  const rights: Patterns[] = [];
  const note = (meant: Meant) => meant !== "elsewhere" && rights.push(meant);
  const diary = new Diary(issue ? "a legacy page with tokens" : "a legacy page", asked, rights);
  const reactor = new LegacyPage({
    open: (cursor) => open({ url: urlOf(asked, cursor), dialect: "legacy", address, token: issue?.(note) }),
    clock,
    random,
    ...diary,
  });
  return Object.assign(diary, { reactor });
}

export function settlePlainListener(asked: readonly string[], { open, clock, random }: Surroundings): Citizen {
  const diary = new Diary("a plain listener", asked);
  const reactor = new PlainListener({
    open: (cursor) => open({ url: urlOf(asked, cursor), dialect: "v1" }),
    clock,
    random,
    ...diary,
  });
  return Object.assign(diary, { reactor });
}

function urlOf(asked: readonly string[], cursor: string | null): string {
  const query = { ...(asked.length > 0 && { events: asked.join() }), ...(cursor !== null && { cursor }) };
  return `${HUB}/?${new URLSearchParams(query)}`;
}
