// A channel: one independent hub with its own log.
import { describeValue } from "./describe-value.ts";
import { alternative } from "./event-type.ts";
import { type Patterns, parsePatterns } from "./pattern.ts";
import { err, type Result } from "./problem.ts";

export const DEFAULT_CHANNEL = "main";

/** `user_2abc` and `user_2ABC` are two channels: it becomes a Durable Object's name, in which case tells, and part of URLs. */
const CHANNEL = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/;

/** 1–128 of `A-Za-z0-9._:-`, beginning with a letter or a digit. */
export function isChannel(name: unknown): name is string {
  return typeof name === "string" && CHANNEL.test(name);
}

/**
 * Checks patterns of channels. One with other characters than a channel has is a mistake, such as `main;room`, that would match none;
 * `/` is taken as it always was.
 *
 * @returns as `parsePatterns`
 */
export function parseChannelPatterns(values: readonly unknown[]): Result<Patterns> {
  const wrong = values.find((value) => typeof value !== "string" || !/^[A-Za-z0-9._:/*-]{1,128}$/.test(value));
  if (wrong === undefined) return parsePatterns(values);
  const form = "1 to 128 of A-Z a-z 0-9 . _ : -, and of * for any run of characters";
  return err("bad_pattern", `A pattern of channels is ${form}; this is ${describeValue(wrong)}.`);
}

/** A sentence on a value that is no channel, with a spelling that would pass. */
export function channelFault(name: unknown): string {
  const form = "1 to 128 of A-Z a-z 0-9 . _ : -, beginning with a letter or a digit";
  const spelling = typeof name === "string" ? name.replace(/[^A-Za-z0-9._:-]+/g, "-").replace(/^[._:-]+/, "") : "";
  return `A channel is ${form}; this is ${describeValue(name)}.${alternative(spelling, isChannel(spelling))}`;
}
