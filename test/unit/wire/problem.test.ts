import { expect, it } from "vitest";
import { err, ok, PROBLEMS } from "../../../src/wire/problem.ts";

it.each(Object.entries<{ status: number; close?: number }>(PROBLEMS))(
  "answers %s with an error's status, and closes with a code that applications may use",
  (_code, { status, close }) => {
    expect(status).toSatisfy((value: number) => value >= 400 && value <= 599);
    if (close !== undefined) expect(close).toSatisfy((value: number) => value >= 4000 && value <= 4999);
  },
);

it("distinguishes a success from a refusal, which has a pointer only if there is one", () => {
  expect(ok(1)).toEqual({ ok: true, value: 1 });
  expect(err("bad_event", "No.")).toStrictEqual({ ok: false, problem: { code: "bad_event", detail: "No." } });
  expect(err("bad_event", "No.", "")).toStrictEqual({
    ok: false,
    problem: { code: "bad_event", detail: "No.", pointer: "" },
  });
});
