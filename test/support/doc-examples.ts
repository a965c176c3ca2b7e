// The `@example`s of the package's docstrings, and what they promise.
//
//   console.log(state); // → connecting → connected     this line prints these, in this order
//   ); // → Connecting → Connected                      in a tsx example: the text of the page becomes these, in this order
//
// An example has a page, a Worker, or a module in Node, of its own. `…` stands for any text, and an object is printed as JSON.
import { ENTRIES } from "../../tools/package/entries.ts";
import { type Documented, publicExports } from "../../tools/package/public-exports.ts";

export interface DocExample {
  /** What it is an example of, such as `Reactor.emit`. */
  readonly name: string;
  readonly language: string;
  readonly code: string;
}

/** @throws an Error if one of them is no block of ts or tsx */
export function examplesOf({ name, docs }: Documented): DocExample[] {
  const blocks = [...docs.matchAll(/^@example\n```(tsx?)\n([\s\S]*?)\n```$/gm)];
  if (blocks.length !== docs.split("@example").length - 1) throw new Error(`An example of ${name} is not in a block.`);
  return blocks.map(([, language = "", code = ""]) => ({ name, language, code }));
}

/** Where an example runs: in Node if it needs neither a page nor a hub. */
type Place = "node" | "page" | "worker";

/** The hub that examples name. */
const HOST = "events.example.org";

function placeOf(entry: string, { code }: DocExample): Place {
  if (entry.endsWith("/worker")) return "worker";
  if (entry.endsWith("/testing")) return "node";
  return entry.endsWith("/wire") && !code.includes(HOST) ? "node" : "page";
}

/** The examples of all entries that run there. What two entries export is there once. */
export function examplesAt(place: Place): DocExample[] {
  const found = ENTRIES.flatMap(({ name, source }) =>
    publicExports(source)
      .flatMap(({ members, ...own }) => [own, ...members])
      .flatMap(examplesOf)
      .filter((example) => placeOf(name, example) === place),
  );
  return [...new Map(found.map((example) => [example.code, example])).values()];
}

/** By line, from 1: what it is to print, in order. Line 0 is the text of the page. */
export type Outcome = Readonly<Record<number, readonly string[]>>;

export const PAGE = 0;
const PRINT = "console.log(";

/** @throws an Error if a line promises what cannot be observed, prints what it does not promise, or nothing is promised */
export function promisedBy({ name, language, code }: DocExample): Outcome {
  const promised: Record<number, readonly string[]> = {};
  for (const [index, line] of code.split("\n").entries()) {
    const [, ...texts] = (/\/\/ (→ .*)$/.exec(line)?.[1] ?? "").split(/ ?→ /);
    const prints = line.includes(PRINT);
    if (prints !== texts.length > 0 && (prints || language !== "tsx")) {
      throw new Error(`A line of ${name} must print and say what, or neither: ${line}`);
    }
    if (texts.length > 0) promised[prints ? index + 1 : PAGE] = texts;
  }
  if (Object.keys(promised).length === 0) throw new Error(`The example of ${name} promises nothing: add "// → …".`);
  return promised;
}

/** The same code, where a line that prints calls `print` with its number first. */
export function withPrint(code: string): string {
  return code
    .split("\n")
    .map((line, index) => line.replaceAll(PRINT, `print(${index + 1}, `))
    .join("\n");
}

/** What a printed text must match. */
export function patternOf(promised: string): RegExp {
  const parts = promised.split("…").map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`);
}
