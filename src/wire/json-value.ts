// JSON from values that were never text: another Worker's by RPC, or a listener's. By a list of what is allowed, because
// JSON.stringify writes {} for a Map and null for NaN without an error. Part of `parseDraft`.
import { describeValue } from "./describe-value.ts";
import { isPlainObject } from "./json.ts";
import { pointerTo } from "./json-pointer.ts";
import { MAX_DATA_DEPTH, MAX_EVENT_BYTES } from "./limits.ts";
import { err, ok, type Problem, type Result } from "./problem.ts";

/**
 * Writes the `data` of an event as compact JSON. As in JSON.stringify, members that are `undefined` are left out and a
 * Date is its ISO text; symbols as keys and members that are not enumerable do not count, as in a structured clone.
 *
 * @param pointer of the event, as a JSON Pointer
 * @returns the text, or `bad_event` with the pointer of the value that is not allowed, or `event_too_large`
 */
export function jsonOf(data: unknown, pointer: string): Result<string> {
  return new JsonWriter(pointer).write(data);
}

/** The ISO 8601 text of a Date, `undefined` for an invalid one. No method of `value` itself is called. */
export function isoOf(value: typeof DATE): string | undefined {
  try {
    return DATE.toISOString.call(value);
  } catch {
    return undefined;
  }
}

export function isDate(value: unknown): value is typeof DATE {
  return value instanceof DATE.constructor;
}

// biome-ignore lint/style/noRestrictedGlobals: recognizes a Date and reads no clock
const DATE = Date.prototype;

class JsonWriter {
  readonly #pointer: string;
  /** The keys and indexes on the way to the value that is being written. */
  readonly #path: (string | number)[] = [];
  /** The objects and arrays on that way. */
  readonly #ancestors = new Set<object>();
  #text = "";
  /** Members that were left out. */
  #omitted = 0;

  constructor(pointer: string) {
    this.#pointer = pointer;
  }

  write(data: unknown): Result<string> {
    const problem = this.#value(data);
    return problem ? { ok: false, problem } : ok(this.#text);
  }

  /** Each of these appends to the text. @returns what is wrong, after which the writer is of no more use */
  #value(value: unknown): Problem | undefined {
    switch (typeof value) {
      case "string":
        return this.#string(value);
      case "number":
        if (!Number.isFinite(value)) return this.#notJson(describeValue(value));
        return this.#append(Object.is(value, -0) ? "-0" : String(value)); // String(-0) is "0"
      case "boolean":
        return this.#append(String(value));
      case "object":
        return value === null ? this.#append("null") : this.#object(value);
      case "undefined":
        return this.#notJson("undefined"); // only in an array: JSON.stringify would write null
      default:
        return this.#notJson(describeValue(value));
    }
  }

  #object(value: object): Problem | undefined {
    if (Array.isArray(value)) return this.#nested(value, () => this.#items(value));
    if (isPlainObject(value)) return this.#nested(value, () => this.#members(value));
    if (!isDate(value)) return this.#notJson(describeValue(value));
    const iso = isoOf(value);
    return iso === undefined ? this.#notJson("an invalid Date") : this.#string(iso);
  }

  #nested(value: object, write: () => Problem | undefined): Problem | undefined {
    if (this.#ancestors.has(value)) {
      return this.#refuse('"data" may not contain itself; here it refers back to an object or array that it is in.');
    }
    if (this.#ancestors.size === MAX_DATA_DEPTH) {
      const detail = `"data" may be nested ${MAX_DATA_DEPTH} deep; this is deeper.`;
      return err("bad_event", detail, `${this.#pointer}/data`).problem;
    }
    this.#ancestors.add(value);
    const problem = write();
    this.#ancestors.delete(value);
    return problem;
  }

  #items(items: readonly unknown[]): Problem | undefined {
    this.#text += "[";
    for (let index = 0; index < items.length; index++) {
      if (index > 0) this.#text += ",";
      this.#path.push(index);
      const problem = this.#value(items[index]);
      if (problem) return problem;
      this.#path.pop();
    }
    // The result of String.match has such members, for one; RPC brings them.
    if (Object.keys(items).length > items.length) return this.#notJson("an array with members beside its items");
    return this.#append("]");
  }

  #members(object: Readonly<Record<string, unknown>>): Problem | undefined {
    let separator = "{";
    for (const key of Object.keys(object)) {
      const value = object[key];
      if (value === undefined) {
        this.#omitted++;
        continue;
      }
      this.#text += separator;
      separator = ",";
      this.#path.push(key);
      const problem = this.#string(key) ?? this.#append(":") ?? this.#value(value);
      if (problem) return problem;
      this.#path.pop();
    }
    return this.#append(separator === "{" ? "{}" : "}");
  }

  #string(value: string): Problem | undefined {
    return value.length > MAX_EVENT_BYTES ? this.#tooLarge() : this.#append(JSON.stringify(value));
  }

  /** Stops as soon as it is too much: forty arrays, each twice in the next, are a terabyte of JSON. */
  #append(text: string): Problem | undefined {
    this.#text += text;
    // A member that was left out counts 1: it takes no bytes, but time, and again wherever its object occurs.
    return this.#text.length + this.#omitted > MAX_EVENT_BYTES ? this.#tooLarge() : undefined;
  }

  #tooLarge(): Problem {
    const detail = `An event may take ${MAX_EVENT_BYTES} bytes as stored; this one takes more.`;
    return err("event_too_large", detail, this.#pointer).problem;
  }

  #notJson(what: string): Problem {
    return this.#refuse(
      `"data" may hold plain objects, arrays, strings, finite numbers, booleans, null and valid Dates; this is ${what}.`,
    );
  }

  #refuse(detail: string): Problem {
    return err("bad_event", detail, this.#path.reduce<string>(pointerTo, `${this.#pointer}/data`)).problem;
  }
}
