// What goes over a connection, for a developer's eyes.
import { asObject, parseObject } from "../wire/json.ts";
import { TOKEN_SUBPROTOCOL } from "../wire/server-frame.ts";
import { checkFunction, checkNames } from "./check.ts";
import { asText } from "./connection/connection.ts";
import { internalsOf } from "./internals.ts";
import { callSafely, type ListenOptions, until } from "./listener-set.ts";
import type { Reactor } from "./reactor.ts";

/**
 * Options of `debug`.
 *
 * @example
 * ```ts
 * import { connect, type DebugOptions, debug } from "pulse-reactor/client";
 *
 * const seen: string[] = [];
 * const options: DebugOptions = { print: (line) => seen.push(line) };
 * const reactor = connect("https://events.example.org");
 * debug(reactor, options);
 * reactor.on("news_*", () => console.log(seen[0])); // → reactor main  open ?events=news_* (reactor.v1.deflate, reactor.v1)
 * ```
 */
export interface DebugOptions extends ListenOptions {
  /** Gets each line. Default: `console.debug`, whose lines browsers show at the level "Verbose". */
  readonly print?: ((line: string) => void) | undefined;
}

/**
 * Prints a connection's frames, states and the reasons for them. Tokens are not printed. Sockets that are open already are not watched: call
 * it in the turn of `connect`, for instance where the browser is told to.
 *
 * @returns a function that ends it
 * @example
 * ```ts
 * import { connect, debug } from "pulse-reactor/client";
 *
 * const reactor = connect({ url: "https://events.example.org", events: ["news_*"] });
 * if (localStorage.getItem("reactorDebug")) debug(reactor); // localStorage.reactorDebug = 1
 * reactor.on("*", (event) => console.log(event.type)); // → news_processed
 * ```
 */
export function debug<Events extends object>(reactor: Reactor<Events>, options: DebugOptions = {}): () => void {
  checkNames(options, "print signal");
  const { print = printLine, signal } = options;
  checkFunction(print, "print");
  const { connection, until: untilOver = until } = internalsOf(reactor);
  const { ports } = connection;
  let isOn = true;
  const channel = decodeURIComponent(/channel=([^&]*)/.exec(reactor.url)?.[1] ?? "main");
  const say = (what: string) => isOn && callSafely(print, `reactor ${channel}  ${what}`);
  return untilOver(signal, () => {
    const { open } = ports;
    ports.open = (url, protocols) => {
      if (!isOn) return open(url, protocols);
      const offered = protocols.map((each) => (each.startsWith(TOKEN_SUBPROTOCOL) ? "a token" : each));
      say(`open ${url.replace(/^[^?]*/, "") || "/"} (${offered.join(", ")})`);
      const socket = open(url, protocols);
      const { send } = socket;
      const receive = ports.inflater?.inOrder() ?? asText;
      socket.addEventListener("message", ({ data }) => receive(data, (text) => say(`← ${readable(text)}`)));
      socket.send = (text) => {
        say(`→ ${readable(text)}`);
        send.call(socket, text);
      };
      return socket;
    };
    const undo = reactor.onState((state, close) => {
      const why = close ? `: ${close.code} ${close.reason}` : "";
      say(`${state}${why}${reactor.attempts > 0 ? `, attempt ${reactor.attempts}` : ""}`);
    });
    return () => {
      isOn = false;
      undo();
    };
  });
}

function printLine(line: string): void {
  // biome-ignore lint/suspicious/noConsole: this is what it is for
  console.debug(line);
}

/** As long as a line of a console may be. */
const MAX_LINE = 300;

/** A message, without its envelope and tokens. */
function readable(text: string): string {
  const frame = parseObject(text);
  if (!frame) return text;
  const { type, data, after, cursor, events, more } = frame;
  if (type === "auth") return "auth, with a token";
  const listed = Array.isArray(events)
    ? `${after} … ${cursor}${more ? ", and more" : ""}: ${events.map((event) => `${asObject(event)?.type}`).join(", ") || "none"}`
    : JSON.stringify(data);
  const line = `${type} ${listed}`;
  return line.length > MAX_LINE ? `${line.slice(0, MAX_LINE)} …` : line;
}
