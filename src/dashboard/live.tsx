// The script of `/live`: it connects to the server that the page came from.
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { isChannel } from "../wire/channel.ts";
import { LivePage } from "./live-page.tsx";
import { NoChannel } from "./no-channel.tsx";
import { Visit } from "./visit.ts";

const channel = new URLSearchParams(location.search).get("channel");

const root = document.getElementById("live");
if (!root) throw new Error("live.html has no element #live.");
createRoot(root).render(
  <StrictMode>
    {channel === null || isChannel(channel) ? <LivePage visit={new Visit(channel)} /> : <NoChannel name={channel} />}
  </StrictMode>,
);
