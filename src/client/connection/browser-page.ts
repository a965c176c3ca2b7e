// The signs of a page, by which a connection comes back sooner than its timers would: a laptop that wakes, a phone that is unlocked,
// a network that is back. Workers hear `online` alone; Node and React Native nothing.
/** What a page says of the world around it. */
export interface Page {
  /** Whether no user sees it. */
  isHidden(): boolean | undefined;
  /** Calls `onSign` when the page is shown, or back on the network. @returns a function that unsubscribes */
  listen(onSign: () => void): () => void;
}

const SIGNS = ["online", "pageshow", "visibilitychange"];

export const browserPage: Page = {
  isHidden: () => globalThis.document?.hidden,
  listen(onSign) {
    const tell = ({ isTrusted }: Event) => {
      // The legacy script dispatches the hub's events on the window, and one of them may be called `online`.
      if (isTrusted && !browserPage.isHidden()) onSign();
    };
    for (const name of SIGNS) globalThis.addEventListener?.(name, tell);
    return () => {
      for (const name of SIGNS) globalThis.removeEventListener?.(name, tell);
    };
  },
};
