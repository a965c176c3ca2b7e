// A channel: one independent hub with its own log.

export const DEFAULT_CHANNEL = "main";

/** 1–64 of `a-z0-9._-`, beginning with a letter or a digit: it becomes a Durable Object's name and part of URLs. */
export function isChannel(name: unknown): name is string {
  return typeof name === "string" && /^[a-z0-9][a-z0-9._-]{0,63}$/.test(name);
}
