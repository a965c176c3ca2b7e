// The parsers by themselves, many thousand inputs per second.
import fc from "fast-check";
import { allowsOrigin, parseOrigins } from "../../src/auth/origins.ts";
import { decodeClientFrame } from "../../src/wire/client-frame.ts";
import { formatCursor, parseCursor } from "../../src/wire/cursor.ts";
import { parseDraft } from "../../src/wire/draft.ts";
import { parseObject } from "../../src/wire/json.ts";
import { parseJson } from "../../src/wire/json-fault.ts";
import { compact, itemTexts, memberText } from "../../src/wire/json-text.ts";
import { decodeLegacySubscribe } from "../../src/wire/legacy-dialect.ts";
import { MAX_EVENT_BYTES } from "../../src/wire/limits.ts";
import { parsePatterns } from "../../src/wire/pattern.ts";
import { decodeServerFrame } from "../../src/wire/server-frame.ts";
import { matchesType } from "../../src/wire/type-match.ts";
import { utf8Bytes } from "../../src/wire/utf8.ts";
import { CLOUD_EVENTS, EVENTS, FRAMES, LINES, MESSAGES, ORIGINS, PATTERNS } from "./corpus.ts";
import { mutatedText } from "./mutations.ts";
import { must, type Target } from "./target.ts";

/** The same value in canonical form, with `__proto__` and numbers beyond a double preserved. */
const canonical = (text: string) => JSON.stringify(JSON.parse(text));

function readJson(text: string): void {
  const parsed = parseJson(text);
  if (!parsed.ok) {
    const { line = 0, column = 0 } = parsed.problem;
    must(line >= 1 && column >= 1, "a fault has a line and column");
    return;
  }
  const shortest = compact(text);
  must(canonical(shortest.text) === canonical(text), "compacting changes no value");
  must(compact(shortest.text).text === shortest.text, "compacting twice changes nothing");
  const { value } = parsed;
  if (Array.isArray(value)) {
    const items = itemTexts(text);
    must(items.length === value.length, "each item has its text");
    must(
      items.every((item, n) => canonical(item) === JSON.stringify(value[n])),
      "an item's text is its value",
    );
  } else if (typeof value === "object" && value !== null && Object.hasOwn(value, "data")) {
    const data = (value as { data: unknown }).data;
    must(canonical(memberText(text, "data") ?? "") === JSON.stringify(data), "a member's text is its value");
  }
}

function readDraft(text: string): void {
  const value = parseJson(text);
  if (!value.ok) return;
  const isObject = typeof value.value === "object" && value.value !== null && !Array.isArray(value.value);
  const draft = parseDraft(value.value, "", isObject ? memberText(text, "data") : undefined);
  if (!draft.ok) return;
  const { type, data, source, id } = draft.value;
  must(
    /^[^\p{Cc}\p{Cs},*]+$/u.test(type) &&
      type.trim() === type &&
      utf8Bytes(type) <= 256 &&
      !/^(echo$|reactor_|websocket_)/.test(type),
    "a type is valid and not reserved",
  );
  must(!source.startsWith("user:"), "no draft is in the name of a user");
  must(utf8Bytes(type + data + source + (id ?? "")) <= MAX_EVENT_BYTES, "an event is within its limit");
  must(!data.includes("\n"), "an event is one line");
  JSON.parse(data);
}

function readMessage(text: string): void {
  const frame = decodeClientFrame(text);
  if (frame.ok && frame.value.type === "subscribe")
    must(frame.value.asked?.length !== 0, "an empty set is `null`, everything");
  const names = decodeLegacySubscribe(text);
  if (names !== undefined) parsePatterns(names);
  parseObject(text);
}

function readCursor(text: string): void {
  const cursor = parseCursor(text);
  must(cursor === undefined || formatCursor(cursor) === text, "a cursor has one spelling");
}

const listed = parseOrigins("https://*.example.org");

function readOrigin(origin: string): void {
  if (!allowsOrigin(listed, origin, "https://hub.test")) return;
  const { protocol, hostname, port, origin: normal } = new URL(origin);
  must(normal === origin && protocol === "https:" && port === "", "an allowed origin is in the form of browsers");
  must(hostname.endsWith(".example.org"), "an allowed origin is a subdomain of the listed host");
}

/** The reference implementation, for short texts. */
function matchesSlowly(pattern: string, type: string): boolean {
  if (pattern === "") return type === "";
  const [first, rest] = [pattern[0], pattern.slice(1)];
  if (first !== "*") return first === type[0] && type !== "" && matchesSlowly(rest, type.slice(1));
  return matchesSlowly(rest, type) || (type !== "" && matchesSlowly(pattern, type.slice(1)));
}

const letters = (...from: string[]) => fc.string({ unit: fc.constantFrom(...from), maxLength: 8 });

export const PARSER_TARGETS: readonly Target[] = [
  { name: "JSON", share: 12, property: fc.property(mutatedText([...EVENTS, ...CLOUD_EVENTS, ...LINES]), readJson) },
  { name: "any JSON", share: 4, property: fc.property(fc.json({ maxDepth: 6 }), readJson) },
  { name: "drafts", share: 10, property: fc.property(mutatedText(EVENTS), readDraft) },
  { name: "messages", share: 8, property: fc.property(mutatedText(MESSAGES), readMessage) },
  {
    name: "a hub's frames",
    share: 4,
    property: fc.property(mutatedText(FRAMES), (text) => void decodeServerFrame(text)),
  },
  {
    name: "cursors",
    share: 2,
    property: fc.property(mutatedText(["k3x9.44", "0.0", "zz.9007199254740991"]), readCursor),
  },
  { name: "origins", share: 3, property: fc.property(mutatedText(ORIGINS), readOrigin) },
  {
    name: "patterns",
    share: 6,
    property: fc.property(
      fc.oneof(letters("a", "b", "*"), fc.constantFrom(...PATTERNS)),
      letters("a", "b"),
      (pattern, type) =>
        must(matchesType(pattern, type) === matchesSlowly(pattern, type), "a pattern matches as the reference does"),
    ),
  },
];
