// What a connection needs, outside of browsers too; builds for browsers have `page-ports.ts` in its place. The WebSockets of Node and Deno
// wait for the hub's answer to a Close frame without an end, and a program whose hub stands still would never exit: here they can be ended.
// Bun's can by itself.
import { BUFFERS, inflater } from "./inflate.ts";
import { browserPorts, type ClientSocket, type Ports, requireWebSocket } from "./ports.ts";

interface Dispatcher {
  dispatch(request: unknown, handler: object): boolean;
}

interface Raw {
  write?: unknown;
  destroy?(): void;
}

/** Where undici keeps the dispatcher of `fetch` and `WebSocket`: https://github.com/nodejs/undici/blob/main/lib/global.js */
const KEY = Symbol.for("undici.globalDispatcher.1");

/** Deno's resources: https://github.com/denoland/deno/blob/main/ext/websocket/01_websocket.js */
interface DenoGlobal {
  readonly internal: symbol;
  readonly [internal: symbol]: { readonly core?: { tryClose?(resource: unknown): void } };
}

export const runtimePorts: Ports = { ...browserPorts, open: openSocket, inflater };

function openSocket(url: string, protocols: string[]): ClientSocket {
  requireWebSocket();
  const { Deno, [KEY]: undici } = globalThis as { readonly Deno?: DenoGlobal; readonly [KEY]?: Dispatcher };
  const socket = undici && !Deno ? openInNode(url, protocols, undici) : new WebSocket(url, protocols);
  return Object.assign(Deno ? endableInDeno(socket as WebSocket, Deno) : socket, BUFFERS);
}

/** Its TCP socket is seen as it passes through undici's dispatcher. */
function openInNode(url: string, protocols: string[], undici: Dispatcher): ClientSocket {
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
  return Object.assign(socket, { terminate: () => raw?.destroy?.() });
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

/** A Deno whose insides have other names closes as it would without this. */
function endableInDeno(socket: WebSocket, deno: DenoGlobal): ClientSocket {
  const resource = Object.getOwnPropertySymbols(socket).find(({ description }) => description === "[[rid]]");
  const terminate = () => deno[deno.internal]?.core?.tryClose?.(resource && Reflect.get(socket, resource));
  return Object.assign(socket, { terminate });
}
