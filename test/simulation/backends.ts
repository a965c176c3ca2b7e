// Where the clients of a simulation get their tokens from: each user has rights that change now and then.
import type { Patterns } from "../../src/wire/pattern.ts";
import type { ManualClock } from "../support/manual-ports.ts";
import type { Backend, Note } from "./citizen.ts";
import type { TokenOffice } from "./token-office.ts";

const RIGHTS: readonly Patterns[] = [null, ["a", "news_*"], ["b", "news_y"]];

export class Backends {
  readonly #clock: ManualClock;
  readonly #random: () => number;
  readonly #office: TokenOffice;
  #users = 0;

  constructor(clock: ManualClock, random: () => number, office: TokenOffice) {
    this.#clock = clock;
    this.#random = random;
    this.#office = office;
  }

  /** A client's tokens: one, or a function that asks for each and may fail. */
  backend(kind: "one token" | "tokens"): Backend {
    const issue = this.issuer();
    return (note) => (kind === "one token" ? issue(note) : () => this.#ask(issue, note));
  }

  /** Makes tokens for some seconds or minutes, and more. Most let their client hear the same as the one before. */
  issuer(moreMs = () => 0): (note: Note) => string {
    const sub = `user-${++this.#users}`;
    let hear = this.#pick(RIGHTS);
    return (note) => {
      if (this.#random() < 0.2) hear = this.#pick(RIGHTS);
      note(hear);
      return this.#office.issue(sub, hear, 10_000 + this.#random() * 110_000 + moreMs());
    };
  }

  #ask(issue: (note: Note) => string, note: Note): Promise<string> {
    const { isWell } = this.#office;
    const fails = !isWell && this.#random() < 0.1;
    const isElsewhere = !isWell && this.#random() < 0.03;
    return new Promise((resolve, reject) => {
      this.#clock.after(this.#random() * 300, () => {
        if (fails) reject(new Error("No token now."));
        else if (!isElsewhere) resolve(issue(note));
        else {
          note("elsewhere");
          resolve(this.#office.issueForElsewhere());
        }
      });
    });
  }

  #pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.#random() * items.length)] as T;
  }
}
