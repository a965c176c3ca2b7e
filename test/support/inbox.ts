// What a socket brings, one message at a time: a test asks for the next, and waits for it.

export interface Inbox {
  /** The next message as it came; waits for it. */
  text(): Promise<string>;
  /** The next message, parsed. */
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever a frame holds, and fails where it does not
  frame(): Promise<any>;
}

/** The part of a WebSocket that is needed: a browser's and workerd's both have it. */
interface Speaker {
  addEventListener(type: "message", listener: (message: { readonly data: unknown }) => void): void;
}

/** MUST be called before `socket` can say anything. */
export function inboxOf(socket: Speaker): Inbox {
  const ready: string[] = [];
  const waiting: ((text: string) => void)[] = [];
  socket.addEventListener("message", ({ data }) => {
    const taker = waiting.shift();
    if (taker) taker(String(data));
    else ready.push(String(data));
  });
  const text = async () => ready.shift() ?? (await new Promise<string>((resolve) => waiting.push(resolve)));
  return { text, frame: async () => JSON.parse(await text()) };
}
