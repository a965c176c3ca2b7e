// Mutants of: the page at /live.
import type { Mutant } from "./mutant.ts";

export const CONSOLE: readonly Mutant[] = [
  {
    name: "quote-ends-the-word",
    rule: "D19",
    breaks: "an event with a single quote in it makes a command that the shell reads as another one",
    file: "src/dashboard/visit/curl-line.ts",
    text: `.replaceAll("'", "'\\\\''")`,
    replacement: "",
    tests: ["test/unit/dashboard/visit/curl-line.test.ts"],
  },
  {
    name: "key-in-each-command",
    rule: "D19",
    breaks: "the command for a deployed hub has the development key",
    file: "src/dashboard/visit/curl-line.ts",
    text: "LOOPBACK.has(hub.hostname)",
    replacement: "hub.hostname",
    tests: ["test/unit/dashboard/visit/curl-line.test.ts"],
  },
  {
    name: "count-kept-events-twice",
    rule: "D1",
    breaks: "an event that the log and the connection bring is counted twice",
    file: "src/dashboard/cards/readings-store.ts",
    text: "|| seq > read.seq",
    replacement: "|| seq > 0",
    tests: ["test/unit/dashboard/cards/readings-store.test.ts"],
  },
  {
    name: "ask-at-each-event",
    rule: "D23",
    breaks: "an open panel asks the hub after each event",
    file: "src/dashboard/connections/connections-store.ts",
    text: "Math.max(0, this.#askedAt + PAUSE_MS - Date.now())",
    replacement: "0",
    tests: ["test/unit/dashboard/connections/connections-store.test.ts"],
  },
  {
    name: "ask-while-folded",
    rule: "D23",
    breaks: "a panel that was folded goes on asking the hub",
    file: "src/dashboard/connections/connections-store.ts",
    text: "!this.#isOpen || this.#isRefused",
    replacement: "this.#isRefused",
    tests: ["test/unit/dashboard/connections/connections-store.test.ts"],
  },
  {
    name: "keep-a-refused-key",
    rule: "D2",
    breaks: "a key that the hub refused is used again and again",
    file: "src/dashboard/visit/visit.ts",
    text: "if (isRefused && key === this.#ownKey) this.#keep(null);",
    replacement: "",
    tests: ["test/unit/dashboard/visit/emit-event.test.ts"],
  },
];
