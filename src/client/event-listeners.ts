// Who listens to what. Listening is subscribing: the patterns of the listeners are what the hub is asked for.
import { isReserved, type ReactorEvent } from "../wire/event.ts";
import { MAX_PATTERNS } from "../wire/pattern.ts";
import { matchesType } from "../wire/type-match.ts";
import { checkListener, checkPattern } from "./check.ts";
import { Listeners, type ListenOptions, until } from "./listener-set.ts";

/** What a client without a listener asks for: an empty subscription would be everything. It also keeps proxies from being idle. */
const NOTHING = ["reactor_heartbeat"];

export class EventListeners {
  /** By pattern. */
  readonly #sets = new Map<string, Listeners<ReactorEvent>>();
  readonly #onChange: () => void;
  /** What the page wants, whatever is listened to; empty: everything; `undefined`: what is listened to. */
  #wanted: readonly string[] | undefined;
  /** The same, as the hub has confirmed it. */
  #confirmed: readonly string[] | undefined;

  /** @param onChange is called when `patterns` may have changed */
  constructor(wanted: readonly string[] | undefined, onChange: () => void) {
    this.#wanted = this.#confirmed = wanted && [...wanted];
    this.#onChange = onChange;
  }

  /** What to ask the hub for; empty: everything. More patterns than a hub takes are everything, and picked from here. */
  get patterns(): readonly string[] {
    const wanted = this.#wanted;
    const heard = [...this.#sets.keys()];
    if (wanted ? wanted.length === 0 : heard.includes("*")) return [];
    const union = new Set([...(wanted ?? []), ...heard.filter((pattern) => pattern !== "*")]);
    if (union.size > MAX_PATTERNS) return [];
    return union.size === 0 ? NOTHING : [...union];
  }

  /** What `*` is within; empty: everything. */
  get wanted(): readonly string[] {
    return this.#wanted ?? [];
  }

  /** Replaces what the page wants. */
  want(patterns: readonly string[]): void {
    this.#wanted = [...patterns];
    this.#onChange();
  }

  confirmed(): void {
    this.#confirmed = this.#wanted;
  }

  refused(): void {
    this.#wanted = this.#confirmed;
  }

  /** @returns a function that unsubscribes @throws TypeError if one of them is none */
  readonly add = (
    pattern: string,
    listener: (event: ReactorEvent) => void,
    options: ListenOptions = {},
  ): (() => void) => {
    checkPattern(pattern, "pattern");
    checkListener(listener, options);
    const sets = this.#sets;
    return until(options.signal, () => {
      const set = sets.get(pattern) ?? new Listeners();
      sets.set(pattern, set);
      const undo = set.add(listener);
      this.#onChange();
      return () => {
        undo();
        if (set.size === 0 && sets.get(pattern) === set) sets.delete(pattern);
        this.#onChange();
      };
    });
  };

  /** Calls the listeners of the event's type, then those of the patterns that match it. */
  call(event: ReactorEvent): void {
    const { type } = event;
    this.#sets.get(type)?.call(event);
    for (const [pattern, set] of [...this.#sets]) {
      if (!pattern.includes("*")) continue;
      if (pattern === "*" ? this.#isWanted(type) : matchesType(pattern, type)) set.call(event);
    }
  }

  /** Whether it is for listeners of everything: within what the page wants, and of what the hub says of itself what that names. */
  #isWanted(type: string): boolean {
    const { wanted } = this;
    const isNamed = wanted.some((pattern) => pattern !== "*" && matchesType(pattern, type));
    return isNamed || (!isReserved(type) && (wanted.length === 0 || wanted.includes("*")));
  }
}
