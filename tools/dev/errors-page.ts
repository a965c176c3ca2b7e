// The page of all problems, as the Worker serves it at /errors and as docs/errors.md: one table, two forms.
import { PROBLEMS, type ProblemCode } from "../../src/wire/problem.ts";
import { PROBLEM_HELP } from "./problem-help.ts";

const TITLE = "Errors";

const INTRODUCTION =
  "Over HTTP an error is `application/problem+json` (RFC 9457), on a socket a `reactor_error`. Program against `code`, which does not change; `detail` says what was wrong this time, and `pointer` where in the body.";

interface Entry {
  readonly code: string;
  readonly title: string;
  /** Its HTTP status, and its close code if it has one. */
  readonly facts: string;
  readonly meaning: string;
  readonly remedy: string;
}

const ENTRIES: readonly Entry[] = (Object.keys(PROBLEMS) as ProblemCode[]).sort().map((code) => {
  const { title, status, ...more } = PROBLEMS[code];
  const facts = "close" in more ? `HTTP ${status}, WebSocket ${more.close}` : `HTTP ${status}`;
  return { code, title, facts, ...PROBLEM_HELP[code] };
});

export function errorsMarkdown(): string {
  const entries = ENTRIES.map(
    ({ code, title, facts, meaning, remedy }) => `## ${code}\n\n${title} · ${facts}\n\n${meaning}\n\n${remedy}\n`,
  );
  const origin = "<!-- Made by `npm run errors` from src/wire/problem.ts and tools/dev/problem-help.ts. -->";
  return `# ${TITLE}\n\n${origin}\n\n${INTRODUCTION}\n\n${entries.join("\n")}`;
}

/** Without script; its one style sheet is public/static/errors.css. */
export function errorsHtml(): string {
  const entries = ENTRIES.map(
    ({ code, title, facts, meaning, remedy }) => `    <section id="${code}">
      <h2><a href="#${code}">${code}</a></h2>
      <p class="facts">${asHtml(`${title} · ${facts}`)}</p>
      <p>${asHtml(meaning)}</p>
      <p>${asHtml(remedy)}</p>
    </section>
`,
  );
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Reactor, ${TITLE.toLowerCase()}</title>
    <link rel="icon" href="/static/icon.svg">
    <link rel="stylesheet" href="/static/errors.css">
  </head>
  <body>
    <h1>${TITLE}</h1>
    <p>${asHtml(INTRODUCTION)}</p>
${entries.join("")}  </body>
</html>
`;
}

/** Of text in which only `code` is marked up. */
function asHtml(text: string): string {
  const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return escaped.replaceAll(/`([^`]+)`/g, "<code>$1</code>");
}
