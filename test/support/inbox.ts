// The messages of a socket, one at a time: a test waits for the next.

export interface Inbox {
  /** Waits for the next message, and returns it unparsed. */
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
  const ready: string[] = [];
  const waiting: ((text: string) => void)[] = [];
  socket.addEventListener("message", ({ data }) => {
    const resolve = waiting.shift();
    if (resolve) resolve(String(data));
    else ready.push(String(data));
  });
  const text = async () => ready.shift() ?? (await new Promise<string>((resolve) => waiting.push(resolve)));
  return { text, frame: async () => JSON.parse(await text()) };
}
