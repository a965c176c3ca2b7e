// The script of `/live`: it connects to the server that the page came from.
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { useSnapshot } from "../react/snapshot.ts";
import { isChannel } from "../wire/channel.ts";
import { NoChannel } from "./channels/no-channel.tsx";
import { channelsIn } from "./channels/page-address.ts";
import { LivePage } from "./live-page.tsx";
import { PageChannels } from "./page-channels.ts";
import { LanguageContext } from "./words/language.ts";
import { applyTo, preferences } from "./words/preferences.ts";
import "./live.css";

const applyPreferences = () => applyTo(document, preferences.read());
applyPreferences();
preferences.subscribe(applyPreferences);

const channels = channelsIn(location.search);
const invalid = channels.find((channel) => channel !== null && !isChannel(channel));
const page =
  typeof invalid === "string" ? <NoChannel name={invalid} /> : <LivePage channels={new PageChannels(channels)} />;

function InLanguage() {
  return <LanguageContext value={useSnapshot(preferences).language}>{page}</LanguageContext>;
}

const root = document.getElementById("live");
if (!root) throw new Error("live.html has no element #live.");
createRoot(root).render(
  <StrictMode>
    <InLanguage />
  </StrictMode>,
);
