// The script of `/live`: it connects to the server that the page came from.
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { isChannel } from "../wire/channel.ts";
import { ChannelSession } from "./channel-session.ts";
import { NoChannel } from "./channels/no-channel.tsx";
import { LivePage } from "./live-page.tsx";
import { LanguageContext, languageOf } from "./words/language.ts";
import "./live.css";

const channel = new URLSearchParams(location.search).get("channel");
const language = languageOf(navigator.languages);

const root = document.getElementById("live");
if (!root) throw new Error("live.html has no element #live.");
createRoot(root).render(
  <StrictMode>
    <LanguageContext value={language}>
      {channel === null || isChannel(channel) ? (
        <LivePage sessions={[new ChannelSession(channel)]} />
      ) : (
        <NoChannel name={channel} />
      )}
    </LanguageContext>
  </StrictMode>,
);
