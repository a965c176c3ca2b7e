// The words of the sign-in form.

import type { Ask } from "../visit/visit.ts";
import type { Table } from "../words/language.ts";

export interface AccessWords {
  readonly title: string;
  readonly why: Readonly<Record<Ask["reason"], string>>;
  readonly label: string;
  /** What to paste. @param isDevelopment the hub runs on this machine */
  readonly hint: (isDevelopment: boolean) => string;
  readonly keep: string;
  readonly keepRisk: string;
  readonly keepNot: string;
  readonly signIn: string;
  readonly signOut: string;
}

export const ACCESS_WORDS: Table<AccessWords> = {
  name: "access",
  en: {
    title: "Sign in to this hub",
    why: {
      missing: "",
      refused: "That key or token was not accepted.",
      forbidden: "That key or token is valid, but does not allow this.",
      ending: "Your token is about to expire. Paste a new one: the page goes on where it is.",
      unsendable:
        "That key or token has characters that a page cannot send. Allowed are letters, digits, “_”, “-” and “.”: every token consists of these, and so does a key made by “openssl rand -hex 32”.",
      checking: "Checking with the hub…",
    },
    label: "Key or token",
    hint: (isDevelopment) =>
      isDevelopment
        ? "Paste the hub's key, or a token. On a development hub the key is “dev-key”."
        : "Paste the hub's key (REACTOR_API_KEY), or a token.",
    keep: "Keep me signed in on this tab",
    keepRisk: "Until the tab is closed, anyone at this browser can use it, and read it in the developer tools.",
    keepNot: "Otherwise it is forgotten when the page is reloaded or closed.",
    signIn: "Sign in",
    signOut: "Sign out",
  },
};
