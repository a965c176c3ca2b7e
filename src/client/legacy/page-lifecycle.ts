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
 * `pagehide`: an open socket would keep the page out of the back/forward cache. If the page is restored from there, the
 * connection resumes.
 */
export function followPageLifecycle(page: LifecyclePage, reactor: PageConnection): void {
  const start = () => {
    if (page.reactorEnabled !== false) reactor.connect();
  };
  if (page.document.readyState === "loading") page.document.addEventListener("DOMContentLoaded", start);
  else start();

  let resumes = false;
  page.addEventListener("pagehide", () => {
    resumes = reactor.state !== "closed";
    reactor.disconnect();
  });
  page.addEventListener("pageshow", (event) => {
    if (resumes && (event as PageTransitionEvent).persisted) reactor.connect();
  });
}
