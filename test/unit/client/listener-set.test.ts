import { afterEach, expect, it, vi } from "vitest";
import { Listeners } from "../../../src/client/listener-set.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

it("calls listeners in the order in which they came, each until its undo", () => {
  const heard: string[] = [];
  const listeners = new Listeners<number>();
  const undo = listeners.add((value) => heard.push(`a${value}`));
  listeners.add((value) => heard.push(`b${value}`));
  listeners.call(1);
  undo();
  undo();
  listeners.call(2);
  expect(heard).toEqual(["a1", "b1", "b2"]);
});

it("lets one function listen twice, and undoes each by itself", () => {
  const heard: number[] = [];
  const listen = (value: number) => void heard.push(value);
  const listeners = new Listeners<number>();
  const undo = listeners.add(listen);
  listeners.add(listen);
  listeners.call(1);
  undo();
  listeners.call(2);
  expect(heard).toEqual([1, 1, 2]);
});

it("[K7] calls the others though one throws, and reports what it threw", () => {
  const reported: unknown[] = [];
  vi.stubGlobal("reportError", (error: unknown) => void reported.push(error)); // browsers have it, Node has not
  const heard: number[] = [];
  const listeners = new Listeners<number>();
  const error = new Error("A listener's own.");
  listeners.add(() => {
    throw error;
  });
  listeners.add((value) => heard.push(value));
  listeners.call(1);
  listeners.call(2);
  expect(heard).toEqual([1, 2]);
  expect(reported).toEqual([error, error]);
});

it("does not call one that came during the call until the next", () => {
  const heard: string[] = [];
  const listeners = new Listeners<number>();
  const undo = listeners.add((value) => {
    undo();
    listeners.add((later) => heard.push(`late${later}`));
    heard.push(`first${value}`);
  });
  listeners.call(1);
  listeners.call(2);
  expect(heard).toEqual(["first1", "late2"]);
});

it("does not call one that was undone during the call", () => {
  const heard: string[] = [];
  const listeners = new Listeners<number>();
  listeners.add(() => undo());
  const undo = listeners.add(() => heard.push("undone"));
  listeners.call(1);
  expect(heard).toEqual([]);
});
