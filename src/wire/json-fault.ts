// Where JSON stops being JSON. JSON.parse decides whether it is; this says where it is not, for V8 often does not.
import { err, ok, type Result } from "./problem.ts";

export interface Fault {
  /** Into the text, in UTF-16 units: what stands before it could still become JSON. The text's length: it ends too soon. */
  readonly offset: number;
  /** What could stand there, as it goes on in "expected …". */
  readonly expected: string;
}

/**
 * JSON.parse as a value.
 *
 * @param firstLine the number of the line with which `text` begins in what was sent
 * @returns what `text` spells, or `bad_json` with line and column
 */
export function parseJson(text: string, firstLine = 1): Result<unknown> {
  try {
    return ok(JSON.parse(text));
  } catch {
    const fault = findFault(text);
    if (!fault) return err("bad_json", "The body is not valid JSON.");
    const { line, column } = placeOf(text, fault.offset);
    const place = { line: line + firstLine - 1, column };
    const { problem } = err(
      "bad_json",
      `This is not JSON: line ${place.line}, column ${place.column}: expected ${fault.expected}, found ${found(text, fault.offset)}.`,
    );
    return { ok: false, problem: { ...problem, ...place } };
  }
}

/** Line and column, each from 1; a column counts UTF-16 units. */
export function placeOf(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset);
  return { line: before.split("\n").length, column: offset - before.lastIndexOf("\n") };
}

function found(text: string, offset: number): string {
  const char = text.codePointAt(offset);
  return char === undefined ? "the end" : JSON.stringify(String.fromCodePoint(char));
}

/** The first fault in `text`, `undefined` if it is JSON. It walks, so no depth of nesting ends its stack. */
export function findFault(text: string): Fault | undefined {
  const open: ("]" | "}")[] = []; // what closes each array and object that is open
  let due: "value" | "first item" | "name" | "first name" | "colon" | "next" = "value";
  for (let at = 0; ; ) {
    while (isSpace(text.charCodeAt(at))) at++;
    const char = text[at];
    const closing = open.at(-1);
    switch (due) {
      case "first name":
      case "first item":
        if (char === closing) {
          open.pop();
          at++;
          due = "next";
        } else due = due === "first item" ? "value" : "name";
        break;
      case "name": {
        if (char !== '"') return { offset: at, expected: "a name in double quotes" };
        const end = endOfString(text, at);
        if (typeof end !== "number") return end;
        at = end;
        due = "colon";
        break;
      }
      case "colon":
        if (char !== ":") return { offset: at, expected: '":"' };
        at++;
        due = "value";
        break;
      case "value":
        if (char === "{" || char === "[") {
          open.push(char === "{" ? "}" : "]");
          at++;
          due = char === "{" ? "first name" : "first item";
        } else {
          const end = endOfScalar(text, at);
          if (typeof end !== "number") return end;
          at = end;
          due = "next";
        }
        break;
      case "next":
        if (closing === undefined) return at === text.length ? undefined : { offset: at, expected: "nothing more" };
        if (char !== "," && char !== closing) return { offset: at, expected: `"," or "${closing}"` };
        if (char === closing) open.pop();
        else due = closing === "}" ? "name" : "value";
        at++;
    }
  }
}

/** Where the scalar that begins at `from` ends, or what is wrong with it. */
function endOfScalar(text: string, from: number): number | Fault {
  const char = text[from];
  if (char === '"') return endOfString(text, from);
  if (char === "-" || isDigit(text.charCodeAt(from))) return endOfNumber(text, from);
  const word = ["true", "false", "null"].find((each) => each[0] === char);
  if (word === undefined) return { offset: from, expected: "a value" };
  for (let n = 1; n < word.length; n++) {
    if (text[from + n] !== word[n]) return { offset: from + n, expected: `"${word}"` };
  }
  return from + word.length;
}

function endOfString(text: string, from: number): number | Fault {
  for (let at = from + 1; at < text.length; at++) {
    const char = text[at];
    if (char === '"') return at + 1;
    if (text.charCodeAt(at) < 0x20) return { offset: at, expected: "control characters to be escaped" };
    if (char !== "\\") continue;
    at++;
    if (at < text.length && !'"\\/bfnrtu'.includes(text.charAt(at)))
      return { offset: at, expected: 'one of "\\/bfnrtu' };
    if (text[at] !== "u") continue;
    for (let digit = 0; digit < 4; digit++) {
      at++;
      if (!/^[0-9a-fA-F]$/.test(text.charAt(at))) return { offset: at, expected: "four hexadecimal digits" };
    }
  }
  return { offset: text.length, expected: "the string to end" };
}

function endOfNumber(text: string, from: number): number | Fault {
  let at = text[from] === "-" ? from + 1 : from;
  const digits = () => {
    const first = at;
    while (isDigit(text.charCodeAt(at))) at++;
    return at > first;
  };
  const missing = () => ({ offset: at, expected: "a digit" });
  if (text[at] === "0")
    at++; // nothing but a point or an exponent follows a leading zero
  else if (!digits()) return missing();
  if (text[at] === ".") {
    at++;
    if (!digits()) return missing();
  }
  if (text[at] === "e" || text[at] === "E") {
    at++;
    if (text[at] === "+" || text[at] === "-") at++;
    if (!digits()) return missing();
  }
  return at;
}

function isSpace(unit: number): boolean {
  return unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09;
}

function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39;
}
