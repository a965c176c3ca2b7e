// A cursor that survives a reload of the page.
import { formatCursor, parseCursor } from "../wire/cursor.ts";
import { check, checkNames } from "./check.ts";
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
 * crashes may get events again that came since it was hidden last. Where tabs share a storage, the newest cursor is kept. Where storage fails,
 * a warning on the console says so. What a `replay` or a loop of `events` has not delivered yet is before the cursor: a reload skips it.
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
export function keepCursor<Events extends object>(reactor: Reactor<Events>, options: KeepOptions = {}): () => void {
  const { connection, until: untilOver = until } = internalsOf(reactor);
  checkNames(options, "key storage signal");
  const { key, storage, signal } = options;
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
  /** @param isMoved whether the log's history is another: then no kept cursor is newer */
  const keep = (isMoved: boolean) => {
    const { cursor } = connection;
    if (!cursor) return;
    tryTo((store) => {
      const kept = isMoved ? undefined : parseCursor(store.getItem(nameOf()));
      const isNewer = kept?.epoch === cursor.epoch && kept.seq > cursor.seq; // another tab has it
      if (!isNewer) store.setItem(nameOf(), formatCursor(cursor));
    });
  };
  const keepNow = () => keep(false);
  const keepHidden = () => globalThis.document?.hidden && keepNow();
  return untilOver(signal, () => {
    let isOn = true;
    const { url } = connection;
    connection.url = () => {
      connection.url = url;
      const { position } = connection;
      if (isOn) {
        tryTo((store) => {
          position.cursor ??= parseCursor(store.getItem(nameOf()));
        });
      }
      return url();
    };
    const undo = reactor.onReset(({ reason }) => reason === "trimmed" || keep(true));
    globalThis.addEventListener?.("pagehide", keepNow);
    globalThis.addEventListener?.("visibilitychange", keepHidden);
    return () => {
      isOn = false;
      undo();
      keepNow();
      globalThis.removeEventListener?.("pagehide", keepNow);
      globalThis.removeEventListener?.("visibilitychange", keepHidden);
    };
  });
}
