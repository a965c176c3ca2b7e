import { expect, it } from "vitest";
import { isClosing, reconnectsAfter, UNAUTHORIZED } from "../../../src/wire/close-code.ts";
import { PROBLEMS } from "../../../src/wire/problem.ts";

it.each([4500, 4501, 4700, 4999])("[K3] has a client stay away after %i", (code) => {
  expect(reconnectsAfter(code)).toBe(false);
});

it.each([1000, 1001, 1005, 1006, 1009, 1011, 1012, 1013, 3000, 4000, 4499, 5000])(
  "[K3] has a client reconnect after %i",
  (code) => {
    expect(reconnectsAfter(code)).toBe(true);
  },
);

it("[S5] uses 4500 for violations of the protocol, after which a client stays closed", () => {
  expect(PROBLEMS.protocol_error.close).toBe(4500);
  expect(reconnectsAfter(PROBLEMS.protocol_error.close)).toBe(false);
});

it("[T15] closes sockets of an invalid token with the code that clients know", () => {
  expect(PROBLEMS.unauthorized.close).toBe(UNAUTHORIZED);
  expect([isClosing("unauthorized"), isClosing("bad_event")]).toEqual([true, false]);
});
