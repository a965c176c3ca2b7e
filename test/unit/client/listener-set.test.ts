import { afterEach, expect, it, vi } from "vitest";
import { Listeners } from "../../../src/client/listener-set.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

it("calls listeners in the order in which they were added, each until its undo", () => {
  const received: string[] = [];
  const listeners = new Listeners<number>();
  const undo = listeners.add((value) => received.push(`a${value}`));
  listeners.add((value) => received.push(`b${value}`));
  listeners.call(1);
  undo();
  undo();
  listeners.call(2);
  expect(received).toEqual(["a1", "b1", "b2"]);
});

it("accepts one function twice, and undoes each separately", () => {
  const received: number[] = [];
  const listen = (value: number) => void received.push(value);
  const listeners = new Listeners<number>();
  const undo = listeners.add(listen);
  listeners.add(listen);
  listeners.call(1);
  undo();
  listeners.call(2);
  expect(received).toEqual([1, 1, 2]);
});

it("[K7] calls the others if one throws, and reports what it threw", () => {
  const reported: unknown[] = [];
  vi.stubGlobal("reportError", (error: unknown) => void reported.push(error)); // which Node lacks
  const received: number[] = [];
  const listeners = new Listeners<number>();
  const error = new Error("A listener's own.");
  listeners.add(() => {
    throw error;
  });
  listeners.add((value) => received.push(value));
  listeners.call(1);
  listeners.call(2);
  expect(received).toEqual([1, 2]);
  expect(reported).toEqual([error, error]);
});

it("does not call one that was added during the call until the next", () => {
  const received: string[] = [];
  const listeners = new Listeners<number>();
  const undo = listeners.add((value) => {
    undo();
    listeners.add((later) => received.push(`late${later}`));
    received.push(`first${value}`);
  });
  listeners.call(1);
  listeners.call(2);
  expect(received).toEqual(["first1", "late2"]);
});

it("does not call one that was undone during the call", () => {
  const received: string[] = [];
  const listeners = new Listeners<number>();
  listeners.add(() => undo());
  const undo = listeners.add(() => received.push("undone"));
  listeners.call(1);
  expect(received).toEqual([]);
});
