// Query parameters that several routes have.
import { type Cursor, parseCursor } from "../../wire/cursor.ts";
import { err, ok, type Result } from "../../wire/problem.ts";

/** The cursor in the parameter `name`, `null` without one. @returns it, or `bad_cursor` */
export function cursorOf(query: URLSearchParams, name: string): Result<Cursor | null> {
  const text = query.get(name);
  if (text === null || text === "") return ok(null);
  const cursor = parseCursor(text);
  return cursor ? ok(cursor) : err("bad_cursor", `"${name}" must be a cursor, such as k3x9.44, as the hub gave it.`);
}
