import { expect, it } from "vitest";
import { isReserved } from "../../../src/wire/event.ts";

it.each(["echo", "reactor_", "reactor_connected", "reactor_anything", "websocket_", "websocket_connected"])(
  "[E2] reserves %j for the hub",
  (type) => {
    expect(isReserved(type)).toBe(true);
  },
);

it.each(["echoes", "Echo", "an_echo", "reactor", "reactor.a", "Reactor_a", "my_reactor_a", "websocket", "websocket-a"])(
  "[E2] allows %j",
  (type) => {
    expect(isReserved(type)).toBe(false);
  },
);
