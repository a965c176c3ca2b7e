// Where a hub's stream is.

/** @param url of the hub: this page's own server if not given @param channel `main` if not given */
export function streamUrl(url?: string, channel?: string): string {
  const stream = new URL("/ws/stream", url ?? location.href);
  stream.protocol = stream.protocol.replace("http", "ws");
  if (channel !== undefined) stream.searchParams.set("channel", channel);
  return stream.href;
}
