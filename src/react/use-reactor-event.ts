// Events as a hook: a listener for as long as the component is shown.
import { useEffect, useRef } from "react";
import { type AnyEvents, type EventOf, type Pattern, replay } from "../client/index.ts";
import { useStore } from "./use-store.ts";

/**
 * Calls `listener` once for each event that matches `pattern` while the component is mounted, in order. It is the newest render's function:
 * none has to be memoised. A component that `<Activity>` hides is given what it missed once it is shown again, from the log; where that
 * no longer has it, `reset` of `useReactor` says so. The pattern is asked for as by `subscribe` of `useReactor`.
 *
 * @param pattern as of `Reactor.on`
 * @throws Error outside of a `<ReactorProvider>`; TypeError if `pattern` is none
 * @example
 * ```tsx
 * import { useReactorEvent } from "pulse-reactor/react";
 * import { useState } from "react";
 *
 * export function Count() {
 *   const [count, setCount] = useState(0);
 *   useReactorEvent("news_*", () => setCount((before) => before + 1));
 *   return <p>{count} news</p>; // → 0 news → 1 news
 * }
 * ```
 */
export function useReactorEvent<P extends Pattern<AnyEvents>>(
  pattern: P,
  listener: (event: EventOf<AnyEvents, P>) => void,
): void {
  const store = useStore("useReactorEvent");
  const newest = useRef(listener);
  const left = useRef<{ readonly of: readonly unknown[]; cursor: string | undefined }>(undefined);
  useEffect(() => {
    newest.current = listener;
  });
  useEffect(() => {
    const { reactor } = store;
    const before = left.current;
    const isBack = before?.of[0] === reactor && before.of[1] === pattern;
    const since = isBack && before.cursor !== reactor.cursor ? before.cursor : undefined;
    const call = (event: EventOf<AnyEvents, P>) => newest.current(event);
    const replaying = since ? replay(reactor, pattern, call, { since }) : undefined;
    const undo = replaying ?? reactor.on(pattern, call); // it throws where the pattern is none, before that is asked for
    const claim = store.newClaim();
    claim.subscribe(pattern);
    const release = store.hold(claim);
    return () => {
      undo();
      release();
      // It may be hidden before the log is read, and before the connection has a place in it.
      const place = { of: [reactor, pattern], cursor: replaying ? replaying.cursor : reactor.cursor };
      left.current = place;
      if (place.cursor) return;
      const forget = reactor.onState((state) => {
        place.cursor = reactor.cursor;
        if (place.cursor || state === "closed") forget();
      });
    };
  }, [store, pattern]);
}
