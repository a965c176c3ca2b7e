// A page of the old server, as far as its WebSocket goes: no subprotocol, one message at a time.

export interface OldSocket {
  readonly socket: WebSocket;
  send(text: string): void;
  /** The next message as it came; waits for it. */
  text(): Promise<string>;
  /** The next message that is JSON, parsed. */
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever a frame holds, and fails where it does not
  frame(): Promise<any>;
}

export function openOldSocket(wsUrl: string): OldSocket {
  const socket = new WebSocket(`${wsUrl}/ws/stream`);
  const ready: string[] = [];
  const waiting: ((text: string) => void)[] = [];
  socket.addEventListener("message", ({ data }) => {
    const taker = waiting.shift();
    if (taker) taker(String(data));
    else ready.push(String(data));
  });
  const text = async () => ready.shift() ?? (await new Promise<string>((resolve) => waiting.push(resolve)));
  return { socket, send: (message) => socket.send(message), text, frame: async () => JSON.parse(await text()) };
}
