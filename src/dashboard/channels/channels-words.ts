// The words of the channels' switcher.
import type { Table } from "../words/language.ts";

export interface ChannelsWords {
  channel: string;
  show: string;
  beside: string;
  showBeside(name: string): string;
  close(name: string): string;
  recent: string;
  why: string;
  invalid(name: string): string;
  home: string;
}

export const CHANNELS_WORDS: Table<ChannelsWords> = {
  name: "channels",
  en: {
    channel: "Channel",
    show: "Open",
    beside: "Open beside",
    showBeside: (name) => `Open beside: ${name}`,
    close: (name) => `Close ${name}`,
    recent: "Opened lately",
    why: "A hub cannot list its channels: these are the ones that this browser opened.",
    invalid: (name) => `“${name}” is not a valid channel name.`,
    home: "The default channel",
  },
};
