// `/static/js/reactor.js`, the script of legacy pages: creates `window.reactor` and ties it to the page's lifecycle.

import { connectByDefaultTo, streamUrl } from "../connection/stream-url.ts";
import { followPageLifecycle } from "./page-lifecycle.ts";
import { createWindowReactor, type WindowReactor } from "./window-reactor.ts";

declare global {
  interface Window {
    reactor?: WindowReactor;
    reactorEnabled?: boolean;
  }
}

// A page that includes the script twice gets one connection. An element with the id `reactor` is also `window.reactor`.
if (typeof window.reactor?.getStatus !== "function") {
  connectByDefaultTo((document.currentScript as HTMLScriptElement | null)?.src);
  window.reactor = createWindowReactor(window, streamUrl());
  followPageLifecycle(window, window.reactor);
}
