// Data that is checked, by the schemas of any library that follows Standard Schema (https://standardschema.dev): zod, valibot, arktype.
import type { ReactorEvent } from "../wire/event.ts";
import { check, checkFunction } from "./check.ts";
import { type Internals, internalsOf, remember, tellError } from "./internals.ts";
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

type SchemaResult<Data> =
  | { readonly value: Data; readonly issues?: undefined }
  | { readonly issues: readonly { readonly message: string; readonly path?: readonly unknown[] | undefined }[] };

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
 * @param schemas by event type; they answer at once: a promise would change the order of events, and is refused
 * @returns the connection: opening, closing and state are shared with `reactor`
 * @throws TypeError if one of them is no schema
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
export function withSchemas<const Schemas extends Readonly<Record<string, Schema>>>(
  // biome-ignore lint/suspicious/noExplicitAny: no other argument takes every map
  reactor: Reactor<any>,
  schemas: Schemas,
): Reactor<SchemaEvents<Schemas>> {
  const internals = internalsOf(reactor);
  for (const type of Object.keys(schemas)) {
    const schema = schemas[type]?.["~standard"];
    check(typeof schema?.validate === "function", type, "a Standard Schema", schemas[type]);
  }
  const checker = new Checker(schemas, internals);
  type Listener = (event: ReactorEvent) => unknown;
  const checked = (listener: Listener) => {
    checkFunction(listener, "listener");
    return (event: ReactorEvent) => {
      const passed = checker.pass(event);
      return passed && listener(passed);
    };
  };
  const on: Reactor["on"] = (pattern, listener, options) => reactor.on(pattern, checked(listener as Listener), options);
  const own = Object.create(reactor, { on: { value: on }, once: { value: onceBy(on) } });
  return remember(own as Reactor<SchemaEvents<Schemas>>, internals);
}

/** Checks each event once, however many listeners it has. */
class Checker {
  readonly #schemas: Readonly<Record<string, Schema>>;
  readonly #internals: Internals;
  readonly #passed = new WeakMap<ReactorEvent, ReactorEvent | null>();

  constructor(schemas: Readonly<Record<string, Schema>>, internals: Internals) {
    this.#schemas = schemas;
    this.#internals = internals;
  }

  /** @returns the event with the data that its schema returns; `null` if that refuses it */
  pass(event: ReactorEvent): ReactorEvent | null {
    const known = this.#passed.get(event);
    if (known !== undefined) return known;
    const { type, data } = event;
    const schema = Object.hasOwn(this.#schemas, type) ? this.#schemas[type] : undefined;
    const result = schema ? schema["~standard"].validate(data) : { value: data };
    const passed = "value" in result ? ({ ...event, data: result.value } as ReactorEvent) : null;
    this.#passed.set(event, passed);
    if (!passed) this.#refuse(event, result as Exclude<typeof result, { value: unknown }>);
    return passed;
  }

  #refuse({ type, id }: ReactorEvent, result: object): void {
    const { issues } = result as {
      readonly issues?: readonly { readonly message: string; readonly path?: unknown[] }[];
    };
    const told = issues?.map(
      ({ message, path = [] }) => `${message}${path.length > 0 ? ` at /${path.map(keyOf).join("/")}` : ""}`,
    );
    const why = told?.join("; ") ?? "its schema answers by a promise, which would change the order of events";
    tellError(this.#internals.connection, "bad_data", `The data of ${type} ${id} is refused: ${why}.`);
  }
}

/** A path has keys, or objects that hold one. */
function keyOf(part: unknown): string {
  return String(typeof part === "object" && part !== null && "key" in part ? part.key : part);
}
