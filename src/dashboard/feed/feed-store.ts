// What the feed shows of a visit.
import type { Reset } from "../../client/index.ts";
import { Snapshot } from "../../react/snapshot.ts";
import type { Visit } from "../visit/visit.ts";
import { addEvent, EMPTY_FEED, type Feed } from "./feed.ts";

export class FeedStore {
  readonly feed = new Snapshot<Feed>(EMPTY_FEED);
  readonly resets = new Snapshot<Reset | null>(null);

  constructor(visit: Visit) {
    visit.listen({
      event: (event) => this.feed.update((feed) => addEvent(feed, event)),
      reset: (reset) => this.resets.update(() => reset),
    });
  }
}
