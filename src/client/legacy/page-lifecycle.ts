// When a page's connection begins and ends by itself.
import type { ConnectionState } from "../connection/connection-events.ts";

/** What is opened and closed with the page. */
interface PageConnection {
  connect(): void;
  disconnect(): void;
  readonly state: ConnectionState;
}

/** The parts of a page that say how it lives. */
export interface LifecyclePage extends Pick<EventTarget, "addEventListener"> {
  readonly document: Pick<Document, "readyState" | "addEventListener">;
  /** `false`: do not connect by yourself. */
  readonly reactorEnabled?: boolean;
}

/**
 * Connects once the page is read, so that its scripts have said what they listen to, and whether they want it at all.
 * Closes with the page: one that goes into the back/forward cache hears nothing, and would be kept out of it by an open
 * socket. When the user comes back, the connection goes on where it was.
 */
export function followPageLifecycle(page: LifecyclePage, reactor: PageConnection): void {
  const begin = () => {
    if (page.reactorEnabled !== false) reactor.connect();
  };
  if (page.document.readyState === "loading") page.document.addEventListener("DOMContentLoaded", begin);
  else begin();

  let comesBack = false;
  page.addEventListener("pagehide", () => {
    comesBack = reactor.state !== "closed";
    reactor.disconnect();
  });
  page.addEventListener("pageshow", (event) => {
    if (comesBack && (event as PageTransitionEvent).persisted) reactor.connect();
  });
}
