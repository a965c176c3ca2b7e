// Parses the values of variables, with an error that names the variable and its valid values.

/** `Number` also takes blanks as 0, hexadecimals and `Infinity`, none of which is meant. */
const DECIMAL = /^\d+(\.\d+)?(e\d+)?$/i;

export function readSwitch(name: string, value: string | undefined, fallback: boolean): boolean {
  if (value === undefined || value === "") return fallback;
  if (!/^(true|false|1|0)$/i.test(value)) throw new Error(`${name} must be true or false, not "${value}".`);
  return /^(true|1)$/i.test(value);
}

export interface NumberRange {
  /** Where the variable is not set, or is empty. */
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
  if (value === undefined || value === "") return fallback;
  const number = DECIMAL.test(value) ? Number(value) : Number.NaN;
  const isTaken = (number >= min && number <= max) || (orZero && number === 0);
  if (isTaken && (fractions || Number.isInteger(number))) return number;
  const kind = fractions ? "a number" : "a whole number";
  throw new Error(`${name} must be ${orZero ? "0 or " : ""}${kind} from ${min} to ${max}, not "${value}".`);
}
