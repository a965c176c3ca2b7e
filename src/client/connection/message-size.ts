// The limit for one message: the hub closes the connection over a larger one (4500).
import { MAX_MESSAGE_BYTES } from "../../wire/limits.ts";
import { utf8Bytes } from "../../wire/utf8.ts";

export function fits(text: string): boolean {
  return utf8Bytes(text) <= MAX_MESSAGE_BYTES;
}
