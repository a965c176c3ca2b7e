// The limit for one message: the hub closes the connection over a larger one (4500).
import { MAX_MESSAGE_BYTES } from "../../wire/limits.ts";

export function fits(text: string): boolean {
  return new TextEncoder().encode(text).length <= MAX_MESSAGE_BYTES;
}
