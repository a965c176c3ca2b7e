// What a connection needs, outside of browsers too. A WebSocket is the runtime's own, in Node one that can be ended: Node's waits for the hub's answer to a Close frame without an
// end, and a program whose hub stands still would never exit. Its socket is seen as it passes through undici's dispatcher.
import { inflater } from "./inflate.ts";
import { browserPorts, type ClientSocket, type Ports } from "./ports.ts";

interface Dispatcher {
  dispatch(request: unknown, handler: object): boolean;
}

interface Raw {
  write?: unknown;
  destroy?(): void;
}

/** Where undici keeps the dispatcher of `fetch` and `WebSocket`: https://github.com/nodejs/undici/blob/main/lib/global.js */
const KEY = Symbol.for("undici.globalDispatcher.1");

/** A browser keeps a Blob in another process, from which it would be read again. */
const BUFFERS = { binaryType: "arraybuffer" } as const;

export const runtimePorts: Ports = { ...browserPorts, open: openSocket, inflater };

function openSocket(url: string, protocols: string[]): ClientSocket {
  requireWebSocket();
  const undici = (globalThis as { readonly [KEY]?: Dispatcher })[KEY];
  if (!undici) return Object.assign(new WebSocket(url, protocols), BUFFERS);
  let raw: Raw | undefined;
  const dispatcher: Dispatcher = {
    dispatch: (request, handler) =>
      undici.dispatch(
        request,
        watched(handler, (given) => {
          raw = given.find((each) => each?.write && each.destroy) ?? raw;
        }),
      ),
  };
  const socket: ClientSocket = new WebSocket(url, { protocols, dispatcher } as never);
  return Object.assign(socket, BUFFERS, { terminate: () => raw?.destroy?.() });
}

/** `target`, of whose methods `onCall` sees the arguments: their names differ between versions. */
function watched(target: object, onCall: (given: readonly (Raw | undefined)[]) => void): object {
  return new Proxy(target, {
    get(_, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== "function") return member;
      return (...given: Raw[]) => {
        onCall(given);
        return member.apply(target, given);
      };
    },
  });
}

/** @throws TypeError if there is no global WebSocket */
export function requireWebSocket(): void {
  if (typeof WebSocket === "undefined") {
    throw new TypeError(
      "There is no global WebSocket here: give the option `WebSocket` a class, such as that of `ws`.",
    );
  }
}
