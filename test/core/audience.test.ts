import { expect, it } from "vitest";
import { Audience, type Reader } from "../../src/core/audience.ts";
import { RecordingSocket } from "../doubles/recording-socket.ts";

const reader = (part: Partial<Reader> = {}): Reader => ({
  clientId: "c",
  dialect: "v1",
  asked: null,
  allowed: null,
  told: 0,
  ...part,
});

it("puts readers of equal dialect, subscription and rights into one group", () => {
  const audience = new Audience<RecordingSocket>();
  const add = (part: Partial<Reader>) => audience.add(new RecordingSocket(), reader(part));
  for (const part of [{}, {}, { dialect: "old" }, { asked: ["a"] }, { asked: ["a"] }, { allowed: ["a"] }] as const)
    add(part);
  expect([...audience.groups].map(({ sockets }) => sockets.size)).toEqual([2, 1, 2, 1]);
  expect(audience.size).toBe(6);
});

it("[F4] keeps a group at what all of it was told", () => {
  const audience = new Audience<RecordingSocket>();
  audience.add(new RecordingSocket(), reader({ told: 7 }));
  audience.add(new RecordingSocket(), reader({ told: 3 }));
  audience.add(new RecordingSocket(), reader({ told: 9 }));
  expect([...audience.groups].map(({ told }) => told)).toEqual([3]);
});

it("[S6] forgets a reader, with its group when it was the last, and does not mind being told twice", () => {
  const audience = new Audience<RecordingSocket>();
  const [a, b] = [new RecordingSocket(), new RecordingSocket()];
  audience.add(a, reader());
  audience.add(b, reader());
  audience.remove(a);
  audience.remove(a);
  expect([audience.size, [...audience.groups].length]).toEqual([1, 1]);
  expect(audience.dialectOf(a)).toBeUndefined();
  expect(audience.dialectOf(b)).toBe("v1");
  audience.remove(b);
  expect([audience.size, [...audience.groups].length]).toEqual([0, 0]);
});
