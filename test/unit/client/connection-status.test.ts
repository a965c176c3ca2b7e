import { expect, it } from "vitest";
import { connectionStatus } from "../../../src/client/legacy/connection-status.ts";

it.each([
  ["connecting", false, 0],
  ["connected", true, 1],
  ["reconnecting", false, 3],
  ["closed", false, 3],
] as const)("[W7] says of a %s connection: connected %s, readyState %i", (state, connected, readyState) => {
  const status = connectionStatus(state, 4, "ws://hub.test/ws/stream");
  expect(status).toEqual({ connected, readyState, reconnectAttempts: 4, url: "ws://hub.test/ws/stream" });
});
