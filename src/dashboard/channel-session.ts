// One channel on the page: the visit, and what each part remembers of it. It is made outside of React, so that no event is missed that
// comes before a part is shown.
import type { Ports } from "../client/connection/ports.ts";
import { ReadingsStore } from "./cards/readings-store.ts";
import { ConnectionsStore } from "./connections/connections-store.ts";
import { TypesStore } from "./emit/types-store.ts";
import { FeedStore } from "./feed/feed-store.ts";
import { StatsStore } from "./glance/stats-store.ts";
import { Visit } from "./visit/visit.ts";

export class ChannelSession {
  readonly visit: Visit;
  readonly stats: StatsStore;
  readonly feed: FeedStore;
  readonly readings: ReadingsStore;
  readonly types: TypesStore;
  readonly connections: ConnectionsStore;

  /**
   * Connects at once.
   *
   * @param channel `null`: the default one
   * @param from the visit whose keys are to be used; without it, none
   * @throws TypeError if `channel` is invalid
   */
  constructor(channel: string | null, ports?: Ports, from?: Visit) {
    this.visit = new Visit(channel, ports);
    this.stats = new StatsStore(this.visit);
    this.feed = new FeedStore(this.visit);
    this.readings = new ReadingsStore(this.visit);
    this.types = new TypesStore(this.visit);
    this.connections = new ConnectionsStore(this.visit);
    this.visit.begin(from);
  }
}
