// Reading what an operator has set: text, checked, with an error that names the variable and says what it may be.

export function readSwitch(name: string, value: string | undefined, fallback: boolean): boolean {
  if (value === undefined || value === "") return fallback;
  if (!/^(true|false|1|0)$/i.test(value)) throw new Error(`${name} must be true or false, not "${value}".`);
  return /^(true|1)$/i.test(value);
}

/** A number from `min` to `max`; fractions are welcome. */
export function readNumber(
  name: string,
  value: string | undefined,
  fallback: number,
  min: number,
  max = Number.MAX_SAFE_INTEGER,
): number {
  if (value === undefined || value === "") return fallback;
  const number = Number(value);
  if (!(number >= min && number <= max))
    throw new Error(`${name} must be a number from ${min} to ${max}, not "${value}".`);
  return number;
}
