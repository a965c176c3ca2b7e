// The event that the page's address names is open, and the address names the one that is open.
import { useEffect, useRef } from "react";
import { useSnapshot } from "../../react/snapshot.ts";
import { useVisit } from "../visit/visit-context.ts";
import type { FeedStore } from "./feed-store.ts";
import { eventIn } from "./permalink.ts";
import { cursorOf } from "./selection.ts";

export function usePermalink({ state, selection }: FeedStore): void {
  const { channel } = useVisit();
  const { isOpened } = useSnapshot(state);
  const cursor = cursorOf(useSnapshot(selection.selected).opened);
  const named = useRef<string | null>(null);
  const isAddressed = channel === new URLSearchParams(location.search).get("channel"); // of two channels, the first

  useEffect(() => {
    if (!isAddressed || !isOpened) return undefined;
    const open = () => {
      const asked = eventIn(location.hash);
      if (asked !== null && asked !== cursorOf(selection.selected.read().opened)) void selection.openAt(asked);
    };
    open();
    addEventListener("hashchange", open);
    return () => removeEventListener("hashchange", open);
  }, [isAddressed, isOpened, selection]);

  useEffect(() => {
    if (!isAddressed || cursor === named.current) return;
    named.current = cursor;
    const { pathname, search } = location;
    history.replaceState(history.state, "", cursor === null ? pathname + search : `#event=${cursor}`);
  }, [isAddressed, cursor]);
}
