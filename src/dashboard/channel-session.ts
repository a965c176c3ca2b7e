// One channel on the page: the visit, and what each part remembers of it. It is made outside of React, so that no event is missed that
// comes before a part is shown.
import type { Ports } from "../client/connection/ports.ts";
import { ReadingsStore } from "./cards/readings-store.ts";
import { FeedStore } from "./feed/feed-store.ts";
import { StatsStore } from "./glance/stats-store.ts";
import { Visit } from "./visit/visit.ts";

export class ChannelSession {
  readonly visit: Visit;
  readonly stats: StatsStore;
  readonly feed: FeedStore;
  readonly readings: ReadingsStore;

  /** Connects at once. @param channel `null`: the default one @throws TypeError if `channel` is invalid */
  constructor(channel: string | null, ports?: Ports) {
    this.visit = new Visit(channel, ports);
    this.stats = new StatsStore(this.visit);
    this.feed = new FeedStore(this.visit);
    this.readings = new ReadingsStore(this.visit);
    this.visit.begin();
  }
}
