// A connection, whatever map of events it is typed by.
import type { Reactor } from "../client/index.ts";

// biome-ignore lint/suspicious/noExplicitAny: no other argument takes every map
export type AnyReactor = Reactor<any>;
