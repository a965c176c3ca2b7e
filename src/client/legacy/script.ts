// `/static/js/reactor.js`, the one script of an old page: it makes `window.reactor` and lets it live with the page.

import { streamUrl } from "../connection/stream-url.ts";
import { followPageLifecycle } from "./page-lifecycle.ts";
import { createWindowReactor, type WindowReactor } from "./window-reactor.ts";

declare global {
  interface Window {
    reactor?: WindowReactor;
    reactorEnabled?: boolean;
  }
}

// A page that names the script twice has one connection; and an element with the id `reactor` is no reactor.
if (typeof window.reactor?.getStatus !== "function") {
  window.reactor = createWindowReactor(window, streamUrl());
  followPageLifecycle(window, window.reactor);
}
