// Data that is checked, by the schemas of any library that follows Standard Schema (https://standardschema.dev): zod, valibot, arktype.
import type { ReactorEvent } from "../wire/event.ts";
import { asObject } from "../wire/json.ts";
import { check, checkFunction } from "./check.ts";
import { type Internals, internalsOf, remember, tellError } from "./internals.ts";
import { report } from "./listener-set.ts";
import { onceBy } from "./once-by.ts";
import type { Reactor } from "./reactor.ts";

/**
 * A schema, as its library makes it: the part of version 1 of Standard Schema that is used here.
 *
 * @example
 * ```ts
 * import { connect, type Schema, withSchemas } from "pulse-reactor/client";
 *
 * const isTitled = (data: unknown): data is { title: string } => typeof (data as { title?: unknown })?.title === "string";
 * const titled: Schema<{ title: string }> = {
 *   "~standard": { version: 1, validate: (data) => (isTitled(data) ? { value: data } : { issues: [{ message: "No title" }] }) },
 * };
 * const reactor = withSchemas(connect("https://events.example.org"), { news_processed: titled });
 * reactor.on("news_processed", (event) => console.log(event.data.title)); // → Hello
 * ```
 */
export interface Schema<Data = unknown> {
  readonly "~standard": {
    readonly version: 1;
    readonly validate: (value: unknown) => SchemaResult<Data> | Promise<SchemaResult<Data>>;
    /** What the types of `value` and of its result are, for the compiler alone. */
    readonly types?: { readonly input: unknown; readonly output: Data } | undefined;
  };
}

interface Passed<Data> {
  readonly value: Data;
  readonly issues?: undefined;
}

interface Refused {
  readonly issues: readonly { readonly message: string; readonly path?: readonly unknown[] | undefined }[];
}

type SchemaResult<Data> = Passed<Data> | Refused;

/**
 * The map of events that schemas make: by type, what each returns.
 *
 * @example
 * ```ts
 * import { connect, type Reactor, type Schema, type SchemaEvents, withSchemas } from "pulse-reactor/client";
 *
 * const any: Schema<{ title: string }> = {
 *   "~standard": { version: 1, validate: (data) => ({ value: data as { title: string } }) },
 * };
 * const schemas = { news_processed: any };
 * const reactor: Reactor<SchemaEvents<typeof schemas>> = withSchemas(connect("https://events.example.org"), schemas);
 * reactor.on("news_processed", (event) => console.log(event.data.title)); // → Hello
 * ```
 */
export type SchemaEvents<Schemas> = {
  [Type in keyof Schemas]: Schemas[Type] extends Schema<infer Data> ? Data : never;
};

/**
 * The same connection, whose listeners get what the schema of an event's type makes of its `data`. An event that its schema refuses goes to
 * `onError` (`bad_data`), and to no listener. Types without a schema pass as they are. What `emit` sends is not checked here.
 *
 * @param schemas by event type; they answer at once: a promise would change the order of events, and is refused, as is data over which a
 * schema throws, which is reported, too
 * @returns the connection: opening, closing and state are shared with `reactor`
 * @throws TypeError if one of them is no schema, or is for a pattern
 * @example
 * ```ts
 * import { connect, type Schema, withSchemas } from "pulse-reactor/client";
 *
 * const short: Schema<{ title: string }> = {
 *   "~standard": {
 *     version: 1,
 *     validate: (data) =>
 *       JSON.stringify(data).length < 19 ? { value: data as { title: string } } : { issues: [{ message: "Too long" }] },
 *   },
 * };
 * const all = connect({ url: "https://events.example.org", cursor: "0.0" });
 * const reactor = withSchemas(all, { news_processed: short });
 * reactor.on("news_processed", (event) => console.log(event.data.title)); // → First → Hello
 * ```
 */
export function withSchemas<Events extends object, const Schemas extends Readonly<Record<string, Schema>>>(
  reactor: Reactor<Events>,
  schemas: Schemas,
): Reactor<string extends keyof Events ? SchemaEvents<Schemas> : Omit<Events, keyof Schemas> & SchemaEvents<Schemas>> {
  const internals = internalsOf(reactor);
  check(asObject(schemas) !== undefined, "schemas", "an object of Standard Schemas", schemas);
  for (const [type, schema] of Object.entries(schemas)) {
    check(typeof schema?.["~standard"]?.validate === "function", type, "a Standard Schema", schema);
    check(!type.includes("*"), "schemas", "by event type, not by pattern", type);
  }
  /** Each event is checked once, however many listeners it has; `null`: it was refused. */
  const checked = new WeakMap<ReactorEvent, ReactorEvent | null>();
  const pass = (event: ReactorEvent): ReactorEvent | null => {
    const known = checked.get(event);
    if (known !== undefined) return known;
    const { type, data, id } = event;
    const result = Object.hasOwn(schemas, type) ? resultOf(schemas[type] as Schema, data) : { value: data };
    const passed = result.issues ? null : ({ ...event, data: result.value } as ReactorEvent);
    checked.set(event, passed);
    if (result.issues) {
      const why = result.issues.map(issueText).join("; ");
      tellError(internals.connection, "bad_data", `The schema of ${type} refuses ${id}: ${why}.`);
    }
    return passed;
  };
  type Listener = (event: ReactorEvent) => unknown;
  const plain = reactor as unknown as Reactor;
  const on: Reactor["on"] = (pattern, listener, options) => {
    checkFunction(listener, "listener");
    const call = (event: ReactorEvent) => {
      const passed = pass(event);
      return passed && (listener as Listener)(passed);
    };
    return plain.on(pattern, call, options);
  };
  const own = Object.create(reactor, { on: { value: on }, once: { value: onceBy(on) } });
  const passed: Pick<Internals, "pass"> = {
    pass(event) {
      const given = internals.pass ? internals.pass(event) : event;
      return given && pass(given);
    },
  };
  return remember(own, Object.assign(Object.create(internals), passed)); // a part that is opened again has others
}

/** What the schema makes of `data`, which it refuses where it throws or promises, too. A failed result may have a `value` as well. */
function resultOf(schema: Schema, data: unknown): SchemaResult<unknown> {
  try {
    const result = schema["~standard"].validate(data);
    if (!("then" in result)) return result;
    result.then(undefined, () => {}); // what it rejects with would end a program
    return { issues: [{ message: "a promise, which would change the order of events" }] };
  } catch (error) {
    report(error);
    return { issues: [{ message: String(error) }] };
  }
}

/** A path has keys, or objects that hold one. */
function issueText({ message, path = [] }: Refused["issues"][number]): string {
  return [...path.map((part) => (part as { readonly key?: unknown })?.key ?? part), message].join(": ");
}
