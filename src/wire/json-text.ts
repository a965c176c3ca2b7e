// Taking the text of one member out of JSON, as it was sent. `data` travels as text, so that no hub rounds its numbers:
// JSON.parse reads 12345678901234567890 as another number, and 1e400 as none. All of this presumes text that JSON.parse
// has taken: it only finds its way.

/** The items of the array that `text` spells, each as its text. */
export function itemTexts(text: string): string[] {
  const items: string[] = [];
  eachChild(text, (_, from, end) => items.push(text.slice(from, end)));
  return items;
}

/** The text of a member of the object that `text` spells. Of members with one name the last counts, as in JSON.parse. */
export function memberText(text: string, name: string): string | undefined {
  const plain = JSON.stringify(name);
  let found = 0;
  let foundEnd = 0;
  eachChild(text, (key, from, end) => {
    if (key === plain || (key.includes("\\") && JSON.parse(key) === name)) [found, foundEnd] = [from, end];
  });
  return foundEnd === 0 ? undefined : text.slice(found, foundEnd);
}

/**
 * The same value in its shortest spelling: no space between tokens (a raw line break would tear SSE and NDJSON apart),
 * no escapes but the necessary (Python sends six bytes for each letter beyond ASCII). Numbers stay as they are written.
 *
 * @returns the text, and how deeply its arrays and objects are nested: 0 for a scalar
 */
export function compact(text: string): { readonly text: string; readonly depth: number } {
  let out = "";
  let taken = 0; // everything before it is in `out`
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < text.length; ) {
    const unit = text.charCodeAt(at);
    if (unit === QUOTE) {
      const end = endOfString(text, at);
      const string = text.slice(at, end);
      if (string.includes("\\")) {
        out += text.slice(taken, at) + JSON.stringify(JSON.parse(string));
        taken = end;
      }
      at = end;
    } else if (unit <= SPACE) {
      out += text.slice(taken, at);
      at = skipSpace(text, at);
      taken = at;
    } else {
      if (opens(unit)) deepest = Math.max(deepest, ++depth);
      else if (closes(unit)) depth--;
      at++;
    }
  }
  return { text: out + text.slice(taken), depth: deepest };
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20; // outside of strings nothing below it but line breaks and tabs

const opens = (unit: number) => unit === 0x7b || unit === 0x5b;
const closes = (unit: number) => unit === 0x7d || unit === 0x5d;

/**
 * What an object or array holds: where each value begins and ends, with the text of its name (`""` in an array). By a callback: a
 * generator, and an object for each member, took half as long again.
 */
function eachChild(text: string, visit: (key: string, from: number, end: number) => void): void {
  const start = skipSpace(text, 0);
  const isObject = text[start] === "{";
  let at = skipSpace(text, start + 1);
  while (at < text.length && !closes(text.charCodeAt(at))) {
    let key = "";
    if (isObject) {
      const end = endOfString(text, at);
      key = text.slice(at, end);
      at = skipSpace(text, skipSpace(text, end) + 1); // over the colon
    }
    const end = endOfValue(text, at);
    visit(key, at, end);
    at = skipSpace(text, end);
    if (text[at] === ",") at = skipSpace(text, at + 1);
  }
}

function endOfValue(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; ) {
    const unit = text.charCodeAt(at);
    if (depth === 0 && at > from && (unit === 0x2c || unit <= SPACE || closes(unit))) return at; // a scalar's end
    if (unit === QUOTE) {
      at = endOfString(text, at);
      if (depth === 0) return at;
      continue;
    }
    if (opens(unit)) depth++;
    at++;
    if (closes(unit) && --depth === 0) return at;
  }
  return text.length;
}

function endOfString(text: string, from: number): number {
  for (let at = from + 1; ; at++) {
    at = text.indexOf('"', at);
    if (at === -1) throw new Error("This was to be JSON."); // else it would look for ever
    let before = at;
    while (text.charCodeAt(before - 1) === BACKSLASH) before--;
    if ((at - before) % 2 === 0) return at + 1; // an even number of them escapes itself, and not the quote
  }
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) <= SPACE) at++;
  return at;
}
