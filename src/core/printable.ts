// Text from outside in a line of the log: what a publisher, another Worker or an error says must not begin a line of its
// own, colour the terminal, or fill the log.

const MAX_QUOTE = 100;
const MAX_MESSAGE = 500;
const MAX_FRAMES = 10; // as many as V8 keeps
const MAX_FRAME = 200;
const MAX_CAUSES = 3;

/** `text` as a JSON string of printable characters, cut to `maxLength` UTF-16 units and marked with … where it was cut. */
export function quoted(text: string, maxLength = MAX_QUOTE): string {
  return printable(JSON.stringify(text.slice(0, maxLength))) + (text.length > maxLength ? "…" : "");
}

/**
 * What was thrown, for the log: `TypeError: "message"`, the lines of its stack, and what caused it.
 *
 * @param error anything; it never throws on it
 */
export function errorText(error: unknown): string {
  try {
    return described(error, MAX_CAUSES);
  } catch {
    return "(an error that cannot be shown)"; // its getters throw
  }
}

function described(error: unknown, causes: number): string {
  if (typeof error !== "object" || error === null) return quoted(String(error), MAX_MESSAGE);
  const { name, message, stack, cause, errors } = error as Partial<AggregateError>;
  if (typeof message !== "string") return quoted(JSON.stringify(error) ?? "undefined", MAX_MESSAGE);
  const kind = /^\w{1,64}$/.test(String(name)) ? name : quoted(String(name));
  const behind =
    causes === 0 ? [] : [cause, ...(Array.isArray(errors) ? errors : [])].filter((one) => one !== undefined);
  return [
    `${kind}: ${quoted(message, MAX_MESSAGE)}`,
    ...framesOf(message, String(stack)),
    ...behind.slice(0, MAX_CAUSES).map((one) => `    caused by ${described(one, causes - 1)}`),
  ].join("\n");
}

/** The lines behind the message, which may itself hold what looks like one. */
function framesOf(message: string, stack: string): string[] {
  const at = stack.indexOf(message);
  if (at === -1) return [];
  const lines = stack.slice(at + message.length).split("\n");
  const frames = lines.filter((line) => /^\s+at /.test(line)).slice(0, MAX_FRAMES);
  return frames.map((frame) => printable(frame.slice(0, MAX_FRAME)));
}

/** Spells control characters, direction marks and Unicode's line separators as `\u…`. */
function printable(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) =>
    Array.from({ length: character.length }, (_, unit) => hex(character.charCodeAt(unit))).join(""),
  );
}

function hex(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, "0")}`;
}
