// One connection for all components below it, from mount to unmount.
import { createContext, type ReactNode, type RefObject, useEffect, useRef, useState } from "react";
import { type ConnectOptions, createReactor, type TokenSource } from "../client/index.ts";
import type { AnyReactor } from "./any-reactor.ts";
import { ReactorStore } from "./reactor-store.ts";

/** `null` outside of any provider. */
export const ReactorContext = createContext<ReactorStore | null>(null);

/**
 * The client's options, for a connection that is opened on mount and closed on unmount. Changed props:
 * - `url`, `channel`, or a first `token`: a new connection
 * - `events`: a new subscription on the same connection; no event is missed
 * - `token`: a new string is sent at once on the same connection, a new function is called when a token is needed next
 * - `cursor`, `last`: no effect; they say where the connection starts
 *
 * For another user's token give the provider another `key`.
 *
 * @example
 * ```tsx
 * import { connect } from "pulse-reactor/client";
 * import { ReactorProvider, useReactor } from "pulse-reactor/react";
 *
 * const reactor = connect({ url: "https://events.example.org" }); // for code outside of React, too
 *
 * function Count() {
 *   return <p>{useReactor().events.length} events</p>;
 * }
 *
 * export function App() {
 *   return (
 *     <ReactorProvider reactor={reactor}>
 *       <Count />
 *     </ReactorProvider>
 *   ); // → 0 events → 1 events
 * }
 * ```
 */
export interface ReactorProviderProps extends ConnectOptions {
  /** An existing connection, which its owner opens and closes. The other options are ignored then. */
  readonly reactor?: AnyReactor | undefined;
  /** The components that use the connection. */
  readonly children?: ReactNode;
}

/**
 * Provides one connection to all components below it. It opens after the first render, never on a server.
 *
 * @throws TypeError while rendering, if an option is invalid
 * @example
 * ```tsx
 * import { ReactorProvider, useReactor } from "pulse-reactor/react";
 *
 * function Status() {
 *   const { connected } = useReactor();
 *   return <p>{connected ? "Connected" : "Connecting"}</p>;
 * }
 *
 * export function App() {
 *   return (
 *     <ReactorProvider url="https://events.example.org" events={["news_*"]}>
 *       <Status />
 *     </ReactorProvider>
 *   ); // → Connecting → Connected
 * }
 * ```
 */
export function ReactorProvider({ reactor, children, ...options }: ReactorProviderProps) {
  const { token } = options;
  const newestToken = useRef(token);
  const store = useStore(reactor, options, newestToken);
  const events = JSON.stringify(options.events ?? null); // an array literal in JSX is a new array in each render
  useEffect(() => {
    if (!reactor) store.setBase(JSON.parse(events) ?? undefined);
  }, [reactor, store, events]);
  useEffect(() => {
    const isFresh = typeof token === "string" && token !== newestToken.current;
    newestToken.current = token;
    if (isFresh && !reactor) store.reactor.refreshToken();
  }, [reactor, store, token]);
  useEffect(() => {
    const detach = store.attach();
    if (reactor) return detach;
    let isUnmounted = false;
    // StrictMode runs an effect, its cleanup and the effect again in one turn: open only after that turn.
    queueMicrotask(() => isUnmounted || store.reactor.open());
    return () => {
      isUnmounted = true;
      detach();
      store.reactor.close();
    };
  }, [reactor, store]);
  return <ReactorContext.Provider value={store}>{children}</ReactorContext.Provider>;
}

/** Opens nothing: React may render without mounting, or on a server. */
function useStore(
  reactor: AnyReactor | undefined,
  options: ConnectOptions,
  newestToken: RefObject<TokenSource | undefined>,
): ReactorStore {
  const hasToken = options.token !== undefined;
  const key = JSON.stringify([options.url, options.channel, hasToken]);
  const make = () => {
    const token = hasToken ? newestOf(newestToken) : undefined;
    return {
      key,
      reactor,
      store: new ReactorStore(reactor ?? createReactor({ ...options, token }), reactor ? null : options.events),
    };
  };
  const [held, hold] = useState(make);
  if (held.reactor === reactor && (reactor || held.key === key)) return held.store;
  const other = make();
  hold(other);
  return other.store;
}

/** Asks the newest function, or gives the newest string, each once: there is no other where the hub refuses it. */
function newestOf(newest: RefObject<TokenSource | undefined>) {
  let given: TokenSource | undefined;
  return () => {
    const token = newest.current;
    if (typeof token === "function") return token();
    const isOld = token === given;
    given = token;
    return isOld ? null : (token ?? null); // without a token there is a new connection, which does not call this
  };
}
