// `once`, made of `on`.
import { checkFunction } from "./check.ts";
import type { Reactor } from "./reactor.ts";

/** @returns a function like `on`, for the next event alone */
export function onceBy(on: Reactor["on"]): Reactor["once"] {
  return (pattern, listener, options) => {
    checkFunction(listener, "listener");
    const undo = on(
      pattern,
      (event) => {
        undo();
        return listener(event);
      },
      options,
    );
    return undo;
  };
}
