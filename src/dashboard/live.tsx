// The script of `/live`: it connects to the server that the page came from.
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Snapshot, useSnapshot } from "../react/snapshot.ts";
import { isChannel } from "../wire/channel.ts";
import { NoChannel } from "./channels/no-channel.tsx";
import { channelsIn } from "./channels/page-address.ts";
import { LivePage } from "./live-page.tsx";
import { PageChannels } from "./page-channels.ts";
import { ENGLISH, type Language, LanguageContext, type Spoken } from "./words/language.ts";
import { applyTo, preferences } from "./words/preferences.ts";
import "./live.css";

/** Russian is a file of its own; if it cannot be loaded, as after a deployment, the page stays in English. */
async function spokenIn(language: Language): Promise<Spoken> {
  if (language === "en") return ENGLISH;
  try {
    return { language, words: (await import("./russian.ts")).RUSSIAN };
  } catch (error) {
    console.warn("Russian could not be loaded.", error);
    return ENGLISH;
  }
}

const spoken = new Snapshot<Spoken>(await spokenIn(preferences.read().language));
const apply = () => applyTo(document, spoken.read().language, preferences.read().theme);

preferences.subscribe(() => {
  const { language } = preferences.read();
  void spokenIn(language).then((next) => preferences.read().language === language && spoken.update(() => next));
  apply();
});
spoken.subscribe(apply);
apply();

const channels = channelsIn(location.search);
const invalid = channels.find((channel) => channel !== null && !isChannel(channel));
const page =
  typeof invalid === "string" ? <NoChannel name={invalid} /> : <LivePage channels={new PageChannels(channels)} />;

function InLanguage() {
  return <LanguageContext value={useSnapshot(spoken)}>{page}</LanguageContext>;
}

const root = document.getElementById("live");
if (!root) throw new Error("live.html has no element #live.");
createRoot(root).render(
  <StrictMode>
    <InLanguage />
  </StrictMode>,
);
