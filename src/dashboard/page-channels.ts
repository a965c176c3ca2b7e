// The channels on the page: one, or two side by side. The address names them, so that a reload shows them again.
import { Snapshot } from "../react/snapshot.ts";
import { ChannelSession } from "./channel-session.ts";
import { addressOf, type ChannelName, channelsIn, isSame } from "./channels/page-address.ts";
import { rememberChannel } from "./channels/recent-channels.ts";

export class PageChannels {
  readonly sessions: Snapshot<readonly ChannelSession[]>;
  #sessions: readonly ChannelSession[];

  /** Connects at once. @throws TypeError if one of the names is invalid */
  constructor(names: readonly ChannelName[]) {
    this.#sessions = names.map((name) => new ChannelSession(name));
    this.sessions = new Snapshot(this.#sessions);
    this.#remember();
    addEventListener("popstate", () => this.#apply(channelsIn(location.search)));
  }

  /** Shows these and no others; those that are shown already stay as they are. */
  show(names: readonly ChannelName[]): void {
    const address = addressOf(names);
    if (address === location.pathname + location.search) return;
    history.pushState(null, "", address);
    this.#apply(channelsIn(location.search)); // of two that are the same, one
  }

  #apply(names: readonly ChannelName[]): void {
    const before = this.#sessions;
    const after = names.map(
      (name) =>
        before.find(({ visit }) => isSame(visit.channel, name)) ??
        new ChannelSession(name, undefined, before[0]?.visit),
    );
    this.#sessions = after;
    this.sessions.update(() => after);
    this.#remember();
    for (const session of before) if (!after.includes(session)) session.visit.end();
  }

  #remember(): void {
    for (const { visit } of this.#sessions) if (visit.channel !== null) rememberChannel(visit.channel);
  }
}
