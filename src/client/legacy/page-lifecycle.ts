// Opens and closes the connection with the page.
import type { ConnectionState } from "../connection/connection-events.ts";

/** The connection that is opened and closed. */
interface PageConnection {
  connect(): void;
  disconnect(): void;
  readonly state: ConnectionState;
}

/** The parts of a `Window` that report its lifecycle. */
export interface LifecyclePage extends Pick<EventTarget, "addEventListener"> {
  readonly document: Pick<Document, "readyState" | "addEventListener">;
  /** `false`: do not connect automatically. */
  readonly reactorEnabled?: boolean;
}

/**
 * Connects once the document is parsed, so that the page's scripts have added their listeners or disabled it. Closes on
 * `pagehide`, and resumes if the page is restored from the back/forward cache. (Firefox 153 keeps a page with a socket out of that
 * cache, also if it is closed then; Chromium 156 and WebKitGTK 2.50 keep it in.)
 */
export function followPageLifecycle(page: LifecyclePage, reactor: PageConnection): void {
  const start = () => {
    if (page.reactorEnabled !== false) reactor.connect();
  };
  if (page.document.readyState === "loading")
    page.document.addEventListener("DOMContentLoaded", start); // of the document: no event of the hub is
  else start();

  // The page's own alone: the hub's events are dispatched on the window too, and one of them may be called `pagehide`.
  let resumes = false;
  page.addEventListener("pagehide", ({ isTrusted }) => {
    if (!isTrusted) return;
    resumes = reactor.state !== "closed";
    reactor.disconnect();
  });
  page.addEventListener("pageshow", (event) => {
    if (event.isTrusted && resumes && (event as PageTransitionEvent).persisted) reactor.connect();
  });
}
