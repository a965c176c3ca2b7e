// The script of `/live`: it connects to the server that the page came from.
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { connect } from "../client/index.ts";
import { feedOf } from "./feed.ts";
import { LivePage } from "./live-page.tsx";

const channel = new URLSearchParams(location.search).get("channel");
const reactor = connect(channel === null ? {} : { channel });
const feed = feedOf(reactor);

const root = document.getElementById("live");
if (!root) throw new Error("live.html has no element #live.");
createRoot(root).render(
  <StrictMode>
    <LivePage reactor={reactor} feed={feed} />
  </StrictMode>,
);
