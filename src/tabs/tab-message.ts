// What a tab and the holder of the connection say to each other. Inside of it they speak the frames of `reactor.v1`, as a client
// and a hub do: a tab's own client resumes, counts and orders as it would over a socket.

/** Of a tab. A session is one of its sockets, named at random: what is said to an earlier one is for none. */
export type ToHolder =
  | { readonly kind: "open"; readonly session: string; readonly url: string; readonly protocols: readonly string[] }
  | { readonly kind: "text"; readonly session: string; readonly text: string }
  | { readonly kind: "close"; readonly session: string }
  /** Is the session alive? A question, since timers of hidden tabs run once a minute, and messages at once. */
  | { readonly kind: "ask"; readonly session: string }
  /** The tab is shown, or back on the network. */
  | { readonly kind: "sign"; readonly session: string };

/** Of the holder. */
export type ToTab =
  | { readonly kind: "text"; readonly session: string; readonly text: string }
  | { readonly kind: "close"; readonly session: string; readonly code: number; readonly reason: string }
  | { readonly kind: "here"; readonly session: string };

/** As a tab takes it from the holder, over whatever carries it. */
export type Tell = (message: ToTab) => void;
