// Who issues the tokens of a simulation, and who checks them: what each lets its bearer do, and until when.
import type { Rights } from "../../src/core/access/rights.ts";
import type { Patterns } from "../../src/wire/pattern.ts";
import { err, type Result } from "../../src/wire/problem.ts";
import type { ManualClock } from "../support/manual-ports.ts";
import type { WallClock } from "./wall-clock.ts";

/** With what clocks may differ by, as `auth` makes it. */
const LEEWAY_MS = 5_000;

const MAX_CHECK_MS = 20_000;

export class TokenOffice {
  readonly #clock: ManualClock;
  readonly #wall: WallClock;
  readonly #random: () => number;
  /** Whether keys are always to be had. */
  isWell = false;
  /** Is called in the turn in which a check ends, just before. */
  onChecked = () => {};
  #elsewhere = 0;
  readonly #issued = new Map<string, Rights>();

  constructor(clock: ManualClock, wall: WallClock, random: () => number) {
    this.#clock = clock;
    this.#wall = wall;
    this.#random = random;
  }

  issue(sub: string, hear: Patterns, lifetimeMs: number): string {
    const token = `t${this.#issued.size}`;
    const expiresMs = Math.trunc(this.#wall.nowMs + lifetimeMs + LEEWAY_MS);
    this.#issued.set(token, { sub, hear, emit: null, expiresMs });
    return token;
  }

  /** One for another channel. */
  issueForElsewhere(): string {
    return `elsewhere${++this.#elsewhere}`;
  }

  /** As the Worker does at an upgrade. */
  check(token: string): Result<Rights> {
    if (token.startsWith("elsewhere")) return err("forbidden", "That token is for another channel.");
    const rights = this.#issued.get(token);
    const isOver = rights === undefined || (rights.expiresMs ?? 0) <= this.#wall.nowMs;
    return isOver ? err("unauthorized", "That token has expired.") : { ok: true, value: rights };
  }

  /**
   * As the hub does for an `auth`: it takes a while, and the keys are not always to be had.
   *
   * @param endMs when the rights end that hold until then; some checks take just longer
   */
  authenticate(token: string, endMs: number): Promise<Result<Rights>> {
    return new Promise((resolve) => {
      const isOut = !this.isWell && this.#random() < 0.1;
      const leftMs = endMs - this.#wall.nowMs;
      const isLong = !this.isWell && leftMs > 0 && leftMs < MAX_CHECK_MS && this.#random() < 0.05;
      const takesMs = isLong ? leftMs + this.#random() * 100 : this.#random() * (this.#random() < 0.1 ? 3_000 : 200);
      this.#clock.after(takesMs, () => {
        this.onChecked();
        resolve(isOut ? err("keys_unavailable", "Try again.") : this.check(token));
      });
    });
  }
}
