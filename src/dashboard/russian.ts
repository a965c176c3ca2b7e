// All words of the page in Russian: a file of its own, which only those load who read it. It imports no other file of the page's script,
// or the bundler would take that out of the script.
import { ACCESS_WORDS_RU } from "./access/access-words-ru.ts";
import { CARDS_WORDS_RU } from "./cards/cards-words-ru.ts";
import { CHANNELS_WORDS_RU } from "./channels/channels-words-ru.ts";
import { CONNECTIONS_WORDS_RU } from "./connections/connections-words-ru.ts";
import { EMIT_WORDS_RU } from "./emit/emit-words-ru.ts";
import { FEED_KEY_WORDS_RU } from "./feed/feed-keys-ru.ts";
import { FEED_WORDS_RU } from "./feed/feed-words-ru.ts";
import { GLANCE_WORDS_RU } from "./glance/glance-words-ru.ts";
import { KEYS_WORDS_RU } from "./keys/keys-words-ru.ts";
import { PAGE_WORDS_RU } from "./words/page-words-ru.ts";

/** By the `name` of a table. */
export const RUSSIAN: Readonly<Record<string, unknown>> = {
  access: ACCESS_WORDS_RU,
  cards: CARDS_WORDS_RU,
  channels: CHANNELS_WORDS_RU,
  connections: CONNECTIONS_WORDS_RU,
  emit: EMIT_WORDS_RU,
  feed: FEED_WORDS_RU,
  glance: GLANCE_WORDS_RU,
  keys: KEYS_WORDS_RU,
  page: PAGE_WORDS_RU,
  feedKeys: FEED_KEY_WORDS_RU,
};
