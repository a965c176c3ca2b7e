// The messages of a socket, one at a time: a test waits for the next.

export interface Inbox {
  /** Waits for the next message, and returns it as it came. */
  message(): Promise<unknown>;
  /** Waits for the next message, and returns it unparsed, and inflated if it came compressed. */
  text(): Promise<string>;
  /** The next message, parsed. */
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever a frame holds, and fails where it does not
  frame(): Promise<any>;
}

/** The part of a WebSocket that is needed, which those of browsers and workerd both have. */
interface MessageSource {
  addEventListener(type: "message", listener: (message: { readonly data: unknown }) => void): void;
}

/** MUST be called before `socket` can receive anything. */
export function inboxOf(socket: MessageSource): Inbox {
  const ready: unknown[] = [];
  const waiting: ((data: unknown) => void)[] = [];
  socket.addEventListener("message", ({ data }) => {
    const resolve = waiting.shift();
    if (resolve) resolve(data);
    else ready.push(data);
  });
  const message = async () => ready.shift() ?? (await new Promise<unknown>((resolve) => waiting.push(resolve)));
  const text = () => message().then(textOf);
  return { message, text, frame: async () => JSON.parse(await text()) };
}

/** The text of a message in either form (F14). */
export async function textOf(data: unknown): Promise<string> {
  if (typeof data === "string") return data;
  const stream = new Blob([data as ArrayBuffer]).stream();
  return new Response(stream.pipeThrough(new DecompressionStream("deflate-raw"))).text();
}
