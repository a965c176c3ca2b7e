// The messages of a socket as texts, in order. Under `reactor.v1.deflate` a frame of events may come compressed, and a browser
// inflates it in turns of its own: what comes behind it waits.
import { MAX_LARGEST_FRAME_BYTES } from "../../wire/limits.ts";
import { DEFLATE_SUBPROTOCOL } from "../../wire/server-frame.ts";
import { report } from "../listener-set.ts";

/**
 * Calls `act` with the text of a message, once it has done so for all messages of the socket before, and with whether it was
 * inflated. One that is malformed, or longer than any frame, is `null`.
 */
export type Receive = (data: unknown, act: (text: string, isInflated: boolean) => void) => void;

export interface Inflater {
  /** To be offered before `reactor.v1`. */
  readonly subprotocol: string;
  /** For one socket. */
  inOrder(): Receive;
}

/** A browser keeps a Blob in another process, from which it would be read again. */
export const BUFFERS = { binaryType: "arraybuffer" } as const;

/** `undefined`: this runtime cannot inflate (React Native), or knows no raw streams (Chrome before 103). */
export const inflater: Inflater | undefined = canInflate() ? inflaterOf(inflate) : undefined;

/** @param inflate rejects if a message is malformed */
export function inflaterOf(inflate: (data: unknown) => Promise<string>): Inflater {
  return { subprotocol: DEFLATE_SUBPROTOCOL, inOrder: () => inOrder(inflate) };
}

function canInflate(): boolean {
  try {
    new DecompressionStream("deflate-raw");
    return true;
  } catch {
    return false;
  }
}

function inOrder(inflate: (data: unknown) => Promise<string>): Receive {
  let last: Promise<void> | undefined;
  return (data, act) => {
    const isDeflated = typeof data === "object";
    if (!last && !isDeflated) {
      act(String(data), false);
      return;
    }
    const turn = Promise.resolve(last)
      .then(() => (isDeflated ? inflate(data) : String(data)))
      .catch(() => "null")
      .then((text) => act(text, isDeflated))
      .catch(report)
      .then(() => {
        if (last === turn) last = undefined;
      });
    last = turn;
  };
}

async function inflate(data: unknown): Promise<string> {
  const stream = new Response(data as BodyInit).body?.pipeThrough(new DecompressionStream("deflate-raw"));
  const reader = stream?.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const { value } = (await reader?.read()) ?? {};
    text += decoder.decode(value, { stream: !!value });
    if (!value) return text;
    if (text.length > MAX_LARGEST_FRAME_BYTES) {
      reader?.cancel();
      return "null";
    }
  }
}
