import { expect, it } from "vitest";
import { addressOf, channelsIn, isSame } from "../../../../src/dashboard/channels/page-address.ts";

it.each([
  ["/live", [null]],
  ["/live?channel=eu", ["eu"]],
  ["/live?channel=eu&beside=us.orders", ["eu", "us.orders"]],
  ["/live?beside=us", [null, "us"]],
])("[D22] reads and writes %s", (address, names) => {
  expect(channelsIn(address.slice("/live".length))).toEqual(names);
  expect(addressOf(names)).toBe(address);
});

it("[D22] shows a channel once, by whichever name", () => {
  expect(channelsIn("?channel=eu&beside=eu")).toEqual(["eu"]);
  expect(channelsIn("?beside=main")).toEqual([null]);
  expect(isSame("main", null)).toBe(true);
});
