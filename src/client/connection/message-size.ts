// What a client may say in one message: of a larger one the hub would not hear the end, but hang up.
import { MAX_MESSAGE_BYTES } from "../../wire/limits.ts";

export function fits(text: string): boolean {
  return new TextEncoder().encode(text).length <= MAX_MESSAGE_BYTES;
}
