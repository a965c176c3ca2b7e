// The channels that this browser opened lately, for no hub can list its channels. Only their names are stored, and only of channels
// that the visitor named, in the address or in the switcher.
import { isChannel } from "../../wire/channel.ts";

const STORED_AS = "reactor.channels";

const MAX_RECENT = 10;

/** @returns newest first; nothing where the browser stores nothing for this page */
export function recentChannels(): readonly string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(STORED_AS) ?? "[]");
    return Array.isArray(stored) ? stored.filter(isChannel).slice(0, MAX_RECENT) : [];
  } catch {
    return [];
  }
}

/** Puts a channel before the others. */
export function rememberChannel(name: string): void {
  const others = recentChannels().filter((each) => each !== name);
  try {
    localStorage.setItem(STORED_AS, JSON.stringify([name, ...others].slice(0, MAX_RECENT)));
  } catch {
    // The browser stores nothing for this page, or has no room: the switcher works without.
  }
}
