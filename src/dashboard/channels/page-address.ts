// The channels that the page's address names: `/live`, `/live?channel=a`, `/live?channel=a&beside=b`.
import { DEFAULT_CHANNEL } from "../../wire/channel.ts";

/** `null`: the default one. */
export type ChannelName = string | null;

/** @returns one name or two, as they are given: they may be invalid */
export function channelsIn(search: string): readonly [ChannelName, ...string[]] {
  const query = new URLSearchParams(search);
  const channel = query.get("channel");
  const beside = query.get("beside");
  return beside === null || isSame(channel, beside) ? [channel] : [channel, beside];
}

export function addressOf([channel = null, beside = null]: readonly ChannelName[]): string {
  const query = new URLSearchParams({
    ...(channel !== null && { channel }),
    ...(beside !== null && { beside }),
  });
  return query.size > 0 ? `/live?${query}` : "/live";
}

export function isSame(one: ChannelName, other: ChannelName): boolean {
  return shownName(one) === shownName(other);
}

export function shownName(channel: ChannelName): string {
  return channel ?? DEFAULT_CHANNEL;
}
