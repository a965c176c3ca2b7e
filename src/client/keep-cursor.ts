// A cursor that survives a reload of the page.
import { parseCursor } from "../wire/cursor.ts";
import { check } from "./check.ts";
import { internalsOf } from "./internals.ts";
import { type ListenOptions, until } from "./listener-set.ts";
import type { Reactor } from "./reactor.ts";

/**
 * Options of `keepCursor`.
 *
 * @example
 * ```ts
 * import { connect, type KeepOptions, keepCursor } from "pulse-reactor/client";
 *
 * const options: KeepOptions = { key: "news", storage: localStorage }; // also after the tab was closed
 * const reactor = connect("https://events.example.org");
 * keepCursor(reactor, options);
 * reactor.on("news_*", (event) => console.log(event.data)); // → {"title":"Hello"}
 * ```
 */
export interface KeepOptions extends ListenOptions {
  /** The key in the storage. Default: made of the connection's `url`, in which its channel is, and its patterns. */
  readonly key?: string | undefined;
  /** Where it is kept. Default: `sessionStorage`, which is the tab's own, and survives a reload. */
  readonly storage?: Pick<Storage, "getItem" | "setItem"> | undefined;
}

/**
 * Keeps the cursor in `sessionStorage` when the page is hidden or left, and resumes there after a reload: no event is missed, none comes
 * twice. Call it in the turn of `connect`. A `cursor` that `connect` was given holds; a kept one comes before `last`. A page that
 * crashes may get events again that came since it was hidden last. Where storage fails, a warning on the console says so.
 *
 * @returns a function that keeps the cursor once more, and then no longer
 * @example
 * ```ts
 * import { connect, keepCursor } from "pulse-reactor/client";
 *
 * const reactor = connect("https://events.example.org");
 * keepCursor(reactor);
 * reactor.on("news_*", (event) => console.log(event.data)); // → {"title":"Hello"}
 * ```
 */
export function keepCursor<Events extends object>(
  reactor: Reactor<Events>,
  { key, storage, signal }: KeepOptions = {},
): () => void {
  const { connection } = internalsOf(reactor);
  check(key === undefined || typeof key === "string", "key", "a text", key);
  let name = key;
  const nameOf = () => {
    name ??= `reactor ${reactor.url} ${[...reactor.patterns].sort()}`; // listeners are added after this was called
    return name;
  };
  /** Reading `sessionStorage` throws where the user blocks it, and writing where it is full. */
  const tryTo = (use: (store: NonNullable<typeof storage>) => void) => {
    try {
      use(storage ?? sessionStorage);
    } catch (error) {
      console.warn(`${reactor.url}: the cursor cannot be kept.`, error);
    }
  };
  const keep = () => {
    const { cursor } = reactor;
    if (cursor) tryTo((store) => store.setItem(nameOf(), cursor));
  };
  const keepHidden = () => globalThis.document?.hidden && keep();
  const { url } = connection;
  connection.url = () => {
    connection.url = url;
    const { position } = connection;
    tryTo((store) => {
      position.cursor ??= parseCursor(store.getItem(nameOf()));
    });
    return url();
  };
  return until(signal, () => {
    globalThis.addEventListener?.("pagehide", keep);
    globalThis.addEventListener?.("visibilitychange", keepHidden);
    return () => {
      keep();
      globalThis.removeEventListener?.("pagehide", keep);
      globalThis.removeEventListener?.("visibilitychange", keepHidden);
    };
  });
}
