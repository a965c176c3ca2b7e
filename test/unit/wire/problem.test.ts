import { expect, it } from "vitest";
import { comesBack, err, ok, PROBLEMS } from "../../../src/wire/problem.ts";

it.each([4500, 4501, 4700, 4999])("[K3] has a client stay away after %i", (code) => {
  expect(comesBack(code)).toBe(false);
});

it.each([1000, 1001, 1005, 1006, 1009, 1011, 1012, 1013, 3000, 4000, 4499, 5000])(
  "[K3] has a client reconnect after %i",
  (code) => {
    expect(comesBack(code)).toBe(true);
  },
);

it.each(Object.entries<{ status: number; close?: number }>(PROBLEMS))(
  "answers %s with an error's status, and closes with a code that applications may use",
  (_code, { status, close }) => {
    expect(status).toSatisfy((value: number) => value >= 400 && value <= 599);
    if (close !== undefined) expect(close).toSatisfy((value: number) => value >= 4000 && value <= 4999);
  },
);

it("[S5] uses 4500 for violations of the protocol, after which a client stays closed", () => {
  expect(PROBLEMS.protocol_error.close).toBe(4500);
  expect(comesBack(PROBLEMS.protocol_error.close)).toBe(false);
});

it("distinguishes a success from a refusal, which has a pointer only if there is one", () => {
  expect(ok(1)).toEqual({ ok: true, value: 1 });
  expect(err("bad_event", "No.")).toStrictEqual({ ok: false, problem: { code: "bad_event", detail: "No." } });
  expect(err("bad_event", "No.", "")).toStrictEqual({
    ok: false,
    problem: { code: "bad_event", detail: "No.", pointer: "" },
  });
});
