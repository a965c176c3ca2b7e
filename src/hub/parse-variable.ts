// Reads and parses the values of variables, with an error that names the variable and its valid values.
import { nearest } from "../wire/suggest.ts";

/** Names that are a variable of this hub, or would be one. */
const OURS = /^(REACTOR|RETENTION|CHANNEL|SOCKETS|MESSAGES|ALLOW|HEARTBEAT|ANNOUNCE|LOG)/;

/** The one whose bytes a backend must have too: taken as it is, or not at all. */
const EXACT = "REACTOR_JWT_SECRET";

/**
 * The variables as text without the space around it, which comes from an `echo` or an editor: no header and no address can have
 * it. A value that is lost must not be taken for one that was never set, for which the default may be to let everyone in.
 *
 * @throws an Error that names a variable that is set and empty, is a list or an object, or has a misspelt name
 */
export function textsOf<K extends string>(vars: object, names: readonly K[]): { readonly [name in K]?: string } {
  const given = vars as Readonly<Record<string, unknown>>;
  const texts: Partial<Record<K, string>> = {};
  for (const name of names) {
    const value = given[name];
    if (value === undefined) continue;
    if (value === null || typeof value === "object") throw new Error(`${name} must be text, not a list or an object.`);
    const text = String(value).trim(); // numbers and booleans of wrangler.toml
    if (text === "")
      throw new Error(`${name} must be more than nothing: it is set and empty. Give it a value, or remove it.`);
    if (name === EXACT && text !== value) {
      throw new Error(`${name} must be without space or line break around it: tokens are signed with the same bytes.`);
    }
    texts[name] = text;
  }
  for (const name of Object.keys(given)) {
    if (!OURS.test(name) || (names as readonly string[]).includes(name)) continue;
    const meant = nearest(name, names);
    if (meant !== undefined)
      throw new Error(`${name} must be another name: no variable is called that. Did you mean ${meant}?`);
  }
  return texts;
}

/** `Number` also takes blanks as 0, hexadecimals and `Infinity`, none of which is meant. */
const DECIMAL = /^\d+(\.\d+)?(e\d+)?$/i;

export function readSwitch(name: string, value: string | undefined, fallback: boolean): boolean {
  if (value === undefined) return fallback;
  if (!/^(true|false|1|0)$/i.test(value)) throw new Error(`${name} must be true or false, not "${value}".`);
  return /^(true|1)$/i.test(value);
}

export interface NumberRange {
  /** Where the variable is not set. */
  readonly fallback: number;
  readonly min: number;
  readonly max: number;
  /** Whether fractions are taken. */
  readonly fractions?: boolean;
  /** Whether 0 is taken too, below `min`: it switches off. */
  readonly orZero?: boolean;
}

/** A decimal number, such as `30`, `0.5` or `1e6`. @throws an Error that names the variable and says what it may be */
export function readNumber(name: string, value: string | undefined, range: NumberRange): number {
  const { fallback, min, max, fractions = false, orZero = false } = range;
  if (value === undefined) return fallback;
  const number = DECIMAL.test(value) ? Number(value) : Number.NaN;
  const isTaken = (number >= min && number <= max) || (orZero && number === 0);
  if (isTaken && (fractions || Number.isInteger(number))) return number;
  const kind = fractions ? "a number" : "a whole number";
  throw new Error(`${name} must be ${orZero ? "0 or " : ""}${kind} from ${min} to ${max}, not "${value}".`);
}
