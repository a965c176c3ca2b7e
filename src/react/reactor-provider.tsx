// One connection for all components below it, from the first of them that is shown to the last.
import { createContext, type ReactNode, type RefObject, useEffect, useRef, useState } from "react";
import { type ConnectOptions, createReactor, type Reactor, type TokenSource } from "../client/index.ts";
import { ReactorStore } from "./reactor-store.ts";

/** `null` outside of any provider. */
export const ReactorContext = createContext<ReactorStore | null>(null);

/**
 * The client's options, for a connection that is opened and closed with the provider. Another `url` or `channel` is
 * another connection, and so is a `token` where there was none; other `events` change what this one hears, without missing
 * any; `cursor` is where it begins. Another string for `token` is shown on the same connection at once, another function is
 * asked next time. For a token of somebody else give the provider another `key`.
 */
export interface ReactorProviderProps extends ConnectOptions {
  /** A connection that somebody else opens and closes. The other options are not looked at then. */
  readonly reactor?: Reactor | undefined;
  readonly children?: ReactNode;
}

export function ReactorProvider({ reactor, children, ...options }: ReactorProviderProps) {
  const { token } = options;
  const newestToken = useRef(token);
  const store = useStore(reactor, options, newestToken);
  const events = JSON.stringify(options.events ?? []); // an array written in JSX is another one each time
  useEffect(() => {
    if (!reactor) store.setBasePatterns(JSON.parse(events));
  }, [reactor, store, events]);
  useEffect(() => {
    const isFresh = typeof token === "string" && token !== newestToken.current;
    newestToken.current = token;
    if (isFresh && !reactor) store.reactor.refreshToken();
  }, [reactor, store, token]);
  useEffect(() => {
    const detach = store.attach();
    if (reactor) return detach;
    let isGone = false;
    // StrictMode runs an effect, undoes it and runs it again, all in one turn: after that turn it is certain.
    queueMicrotask(() => isGone || store.reactor.open());
    return () => {
      isGone = true;
      detach();
      store.reactor.close();
    };
  }, [reactor, store]);
  return <ReactorContext.Provider value={store}>{children}</ReactorContext.Provider>;
}

/** Nothing is opened here: React may render without showing, and on a server. */
function useStore(
  reactor: Reactor | undefined,
  options: ConnectOptions,
  newestToken: RefObject<TokenSource | undefined>,
): ReactorStore {
  const hasToken = options.token !== undefined;
  const key = JSON.stringify([options.url, options.channel, hasToken]);
  const token = hasToken ? () => ask(newestToken.current) : undefined;
  const make = () => ({
    key,
    reactor,
    store: new ReactorStore(reactor ?? createReactor({ ...options, token }), reactor ? [] : options.events),
  });
  const [held, hold] = useState(make);
  if (held.reactor === reactor && (reactor || held.key === key)) return held.store;
  const other = make();
  hold(other);
  return other.store;
}

function ask(token: TokenSource | undefined) {
  return typeof token === "function" ? token() : (token ?? ""); // it is taken away with the connection
}
