// The Worker of a simulation: it checks what an upgrade presents, and passes it on to the hub, which may be far away.
import type { Rights } from "../../src/core/access/rights.ts";
import type { Dialect } from "../../src/core/fanout/subscriber.ts";
import { type Cursor, parseCursor } from "../../src/wire/cursor.ts";
import type { ManualClock } from "../support/manual-ports.ts";
import { Link, type LinkEnds } from "./link.ts";
import type { TokenOffice } from "./token-office.ts";

/** Of those who show no token. */
const ANYBODY: Rights = { sub: null, hear: null, emit: [], expiresMs: null };

export interface Asking {
  readonly url: string;
  readonly dialect: Dialect;
  readonly token?: string | undefined;
  readonly address?: string | null | undefined;
}

/** What the Worker has let in. */
export interface Upgrade {
  readonly link: Link;
  readonly dialect: Dialect;
  readonly asked: readonly string[] | null;
  readonly cursor: Cursor | null;
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
  readonly #office: TokenOffice;
  readonly #hub: HubStub;

  constructor(clock: ManualClock, random: () => number, office: TokenOffice, hub: HubStub) {
    this.#clock = clock;
    this.#random = random;
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

  #check(link: Link, { url, dialect, token, address = null }: Asking): void {
    const checked = token === undefined ? { ok: true as const, value: ANYBODY } : this.#office.check(token);
    const query = new URL(url).searchParams;
    const asked = query.get("events")?.split(",") ?? null;
    const cursor = parseCursor(query.get("cursor")) ?? null;
    if (!this.#hub.isUp) link.cut();
    else if (!checked.ok) link.answer(checked.problem.code === "forbidden" ? 4503 : 4401);
    else this.#hub.upgrade({ link, dialect, asked, cursor, rights: checked.value, address });
  }
}
