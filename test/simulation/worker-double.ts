// The Worker of a simulation: it checks what an upgrade presents, and passes it on to the hub. That may take so long that the
// token ends on the way.
import type { Rights } from "../../src/core/access/rights.ts";
import type { Dialect } from "../../src/core/fanout/subscriber.ts";
import { type Cursor, parseCursor } from "../../src/wire/cursor.ts";
import type { Encoding } from "../../src/wire/server-frame.ts";
import type { ManualClock } from "../support/manual-ports.ts";
import { Link, type LinkEnds } from "./link.ts";
import type { TokenOffice } from "./token-office.ts";
import type { WallClock } from "./wall-clock.ts";

const MAX_TRANSIT_MS = 5_000;

/** Of those who show no token. */
const ANYBODY: Rights = { sub: null, hear: null, emit: [], expiresMs: null };

export interface Asking {
  readonly url: string;
  readonly dialect: Dialect;
  readonly encoding?: Encoding;
  readonly token?: string | undefined;
  readonly address?: string | null | undefined;
}

/** What the Worker has let in. */
export interface Upgrade {
  readonly link: Link;
  readonly dialect: Dialect;
  readonly encoding: Encoding;
  readonly asked: readonly string[] | null;
  readonly cursor: Cursor | null;
  readonly last: number | null;
  readonly rights: Rights;
  readonly address: string | null;
}

/** The hub, as its Worker reaches it. */
export interface HubStub {
  readonly isUp: boolean;
  endsOf(link: Link): LinkEnds;
  upgrade(upgrade: Upgrade): void;
}

export class WorkerDouble {
  readonly #clock: ManualClock;
  readonly #random: () => number;
  readonly #wall: WallClock;
  readonly #office: TokenOffice;
  readonly #hub: HubStub;

  constructor(clock: ManualClock, random: () => number, wall: WallClock, office: TokenOffice, hub: HubStub) {
    this.#clock = clock;
    this.#random = random;
    this.#wall = wall;
    this.#office = office;
    this.#hub = hub;
  }

  open(asking: Asking): Link {
    const link: Link = new Link(this.#clock, this.#random, {
      toHub: (item) => ends.toHub(item),
      onSend: (text) => ends.onSend(text),
      onClose: (code) => ends.onClose(code),
    });
    const ends = this.#hub.endsOf(link);
    this.#clock.after(this.#random() * 100, () => this.#check(link, asking));
    return link;
  }

  #check(link: Link, { url, dialect, encoding, token, address = null }: Asking): void {
    const checked = token === undefined ? { ok: true as const, value: ANYBODY } : this.#office.check(token);
    const query = new URL(url).searchParams;
    const asked = query.get("events")?.split(",") ?? null;
    const cursor = parseCursor(query.get("cursor")) ?? null;
    const last = Number(query.get("last")) || null;
    if (!this.#hub.isUp) link.cut();
    else if (!checked.ok) link.answer(checked.problem.code === "forbidden" ? 4503 : 4401);
    else this.#pass({ link, dialect, encoding, asked, cursor, last, rights: checked.value, address });
  }

  #pass(upgrade: Upgrade): void {
    const waitMs = this.#transitMs(upgrade.rights);
    const arrive = () => {
      if (!this.#hub.isUp) upgrade.link.cut();
      else if (!upgrade.link.isLeft) this.#hub.upgrade(upgrade);
    };
    if (waitMs === 0) arrive();
    else this.#clock.after(waitMs, arrive);
  }

  /** No time; now and then seconds, but not so many that its client gives up. Often just until its rights have ended. */
  #transitMs({ expiresMs }: Rights): number {
    const leftMs = (expiresMs ?? Number.POSITIVE_INFINITY) - this.#wall.nowMs;
    if (leftMs < MAX_TRANSIT_MS && this.#random() < 0.5) return leftMs + this.#random() * 100;
    return !this.#office.isWell && this.#random() < 0.05 ? this.#random() * MAX_TRANSIT_MS : 0;
  }
}
