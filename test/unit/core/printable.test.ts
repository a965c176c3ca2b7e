import { describe, expect, it } from "vitest";
import { errorText, quoted } from "../../../src/core/printable.ts";

/** Line ends, terminal codes, and marks that change the direction of writing. */
const HOSTILE = "x\n\r[ERROR] forged\u001b[31m\u009b31m\u2028\u2029\u202e\u0007\u007f\u200b\ufeff\u{e0041}";
const isPlain = (text: string) => /^[^\p{C}\p{Zl}\p{Zp}]*$/u.test(text);

describe("quoted text", () => {
  it("[B9] is one line of printable characters, which JSON parses to the original", () => {
    expect(isPlain(quoted(HOSTILE))).toBe(true);
    expect(JSON.parse(quoted(HOSTILE))).toBe(HOSTILE);
    expect(quoted('say "hello" to 日本 é 😀')).toBe('"say \\"hello\\" to 日本 é 😀"');
  });

  it("[B9] is cut, with a mark", () => {
    expect(quoted("x".repeat(100))).toBe(`"${"x".repeat(100)}"`);
    expect(quoted("x".repeat(101))).toBe(`"${"x".repeat(100)}"…`);
    expect(isPlain(quoted(`${"x".repeat(99)}😀`))).toBe(true); // in the middle of a pair
  });
});

describe("an error's text", () => {
  it("[B9] quotes the message, and keeps the stack", () => {
    const [first, second] = errorText(new TypeError(HOSTILE)).split("\n");
    expect(first).toBe(`TypeError: ${quoted(HOSTILE)}`);
    expect(second).toMatch(/^\s+at .*printable\.test\.ts/);
  });

  it("[B9] distinguishes lines of the message from the stack, as constructed or as changed later", () => {
    const error = new Error("x\n    at forged (somewhere)");
    expect(errorText(error).split("\n")).not.toContain("    at forged (somewhere)");
    error.message = "other";
    expect(errorText(error).split("\n")).not.toContain("    at forged (somewhere)");
  });

  it("[B9] has no control characters in the name and the stack either", () => {
    const error = Object.assign(new Error("m"), { name: HOSTILE, stack: `Error: m\n    at ${HOSTILE.slice(14)}` });
    const [first, second] = errorText(error).split("\n");
    expect([isPlain(first ?? ""), isPlain(second ?? "")]).toEqual([true, true]);
    expect(first).toBe(`${quoted(HOSTILE)}: "m"`);
  });

  it("[B9] is bounded", () => {
    const deep = new Error("x".repeat(5_000), { cause: new Error("y".repeat(5_000)) });
    deep.stack = `Error: ${deep.message}\n${`    at ${"z".repeat(5_000)}\n`.repeat(100)}`;
    expect(errorText(deep).length).toBeLessThan(10_000);
    const itself: { cause?: unknown; message: string } = { message: "round" };
    itself.cause = itself;
    expect(errorText(itself).length).toBeLessThan(1_000);
  });

  it("includes the cause, or all errors of an aggregate", () => {
    expect(errorText(new Error("outer", { cause: new Error("inner") }))).toMatch(/caused by Error: "inner"/);
    expect(errorText(new AggregateError([new Error("one"), "two"], "all"))).toMatch(/"one".*caused by "two"/s);
  });

  const no = () => {
    throw new Error("no");
  };
  it.each([
    ["text", "text", '"text"'],
    ["nothing", undefined, '"undefined"'],
    ["a symbol", Symbol("s"), '"Symbol(s)"'],
    ["an object", { code: 7 }, '"{\\"code\\":7}"'],
    ["a function", no.bind(null), '"function () { [native code] }"'],
    ["a message that throws", Object.defineProperty({}, "message", { get: no }), "(an error that cannot be shown)"],
    ["a JSON that throws", { toJSON: no }, "(an error that cannot be shown)"],
  ])("takes anything that can be thrown: %s", (_what, thrown, text) => {
    expect(errorText(thrown)).toBe(text);
  });
});
