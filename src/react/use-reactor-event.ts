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
  const left = useRef<{ readonly of: readonly unknown[]; readonly cursor: string | undefined }>(undefined);
  useEffect(() => {
    newest.current = listener;
  });
  useEffect(() => {
    const { reactor } = store;
    const claim = store.newClaim();
    claim.subscribe(pattern);
    const release = store.hold(claim);
    const before = left.current;
    const isBack = before?.of[0] === reactor && before.of[1] === pattern;
    const since = isBack && before.cursor !== reactor.cursor ? before.cursor : undefined;
    let read = since;
    const undo = since
      ? replay(
          reactor,
          pattern,
          (event) => {
            if (event.seq) read = `${since.split(".")[0]}.${event.seq}`;
            newest.current(event as EventOf<AnyEvents, P>);
          },
          { since },
        )
      : reactor.on(pattern, (event) => newest.current(event as EventOf<AnyEvents, P>));
    return () => {
      undo();
      release();
      left.current = { of: [reactor, pattern], cursor: read ?? reactor.cursor }; // it may be hidden before the log is read
    };
  }, [store, pattern]);
}
