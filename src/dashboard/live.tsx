// The script of `/live`: it connects to the server that the page came from.
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { connect, type Reset } from "../client/index.ts";
import { ReactorProvider } from "../react/index.ts";
import { Published } from "../react/published.ts";
import { EMPTY_FEED, fed } from "./feed.ts";
import { foldEvents } from "./fold-events.ts";
import { LivePage } from "./live-page.tsx";
import { NO_READINGS, readEvent } from "./readings.ts";

const channel = new URLSearchParams(location.search).get("channel");
const reactor = connect(channel === null ? {} : { channel });
const feed = foldEvents(reactor, EMPTY_FEED, fed);
const readings = foldEvents(reactor, NO_READINGS, readEvent);
const resets = new Published<Reset | null>(null);
reactor.onReset((reset) => resets.change(() => reset));

const root = document.getElementById("live");
if (!root) throw new Error("live.html has no element #live.");
createRoot(root).render(
  <StrictMode>
    <ReactorProvider reactor={reactor}>
      <LivePage reactor={reactor} channel={channel} feed={feed} readings={readings} resets={resets} />
    </ReactorProvider>
  </StrictMode>,
);
