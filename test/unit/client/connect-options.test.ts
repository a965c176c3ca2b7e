import { expect, it } from "vitest";
import { checkOptions } from "../../../src/client/connect-options.ts";

it.each([
  [{ channel: "No way" }, 'this is "No way"\\. "No-way" would pass'],
  [{ channel: null as unknown as string }, "this is null"],
  [{ events: ["a,b"] }, "A pattern is"],
  [{ events: Array<string>(65).fill("a") }, "at most 64 patterns"],
  [{ events: ["*a*b*c*d*"] }, "at most 4 \\*"],
  [{ cursor: "here" }, '"here" is not a valid cursor'],
  [{ last: 0 }, "`last` is not a whole number from 1 to 1000"],
  [{ last: 1_001 }, "`last` is not"],
  [{ last: 1.5 }, "`last` is not"],
  [{ last: "5" as unknown as number }, "`last` is not"],
  [{ last: 5, cursor: "k3x9.41" }, "`cursor` and `last` exclude each other"],
])("refuses %j at once, since the hub would refuse it each time", (options, message) => {
  expect(() => checkOptions(options)).toThrow(new RegExp(message));
  expect(() => checkOptions(options)).toThrow(TypeError);
});

it("names the cursor to start from", () => {
  expect(checkOptions({ cursor: "k3x9.41" })).toEqual({ epoch: "k3x9", seq: 41 });
  expect(checkOptions({ channel: "eu", events: ["a"], last: 1_000 })).toBeUndefined();
});
