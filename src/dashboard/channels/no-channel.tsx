// The page for an invalid `/live?channel=…`: makes no request to the hub.
import { channelFault } from "../../wire/channel.ts";
import { useWords } from "../words/language.ts";
import { CHANNELS_WORDS } from "./channels-words.ts";

export function NoChannel({ name }: { name: string }) {
  const words = useWords(CHANNELS_WORDS);
  return (
    <main>
      <h1>Reactor</h1>
      <p className="error" role="alert" data-reactor="no-channel">
        {words.invalid(name)} {channelFault(name)}
      </p>
      <p>
        <a href="/live">{words.home}</a>
      </p>
    </main>
  );
}
