// The title of the page, by which its tab is found among others.

/** @param channels their names, in the order in which they are shown */
export function pageTitle(channels: readonly string[]): string {
  return `${channels.join(" + ")} · Reactor`;
}
