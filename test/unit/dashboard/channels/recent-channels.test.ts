import { afterEach, expect, it, vi } from "vitest";
import { recentChannels, rememberChannel } from "../../../../src/dashboard/channels/recent-channels.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

function storing(stored: string | null = null) {
  const state = { stored };
  vi.stubGlobal("localStorage", {
    getItem: () => state.stored,
    setItem: (_name: string, value: string) => {
      state.stored = value;
    },
  });
  return state;
}

it("[D21] remembers the last ten channels, the newest first, each once", () => {
  storing();
  for (let nth = 1; nth <= 12; nth++) rememberChannel(`c${nth}`);
  rememberChannel("c5");
  expect(recentChannels()).toEqual(["c5", "c12", "c11", "c10", "c9", "c8", "c7", "c6", "c4", "c3"]);
});

it.each([null, "", "{", '{"a":1}', '"main"', '["<b>", 1, null]'])("[D21] reads %j as no channels", (stored) => {
  storing(stored);
  expect(recentChannels()).toEqual([]);
});

it("[D21] remembers nothing where the browser stores nothing", () => {
  vi.stubGlobal("localStorage", undefined);
  rememberChannel("eu");
  expect(recentChannels()).toEqual([]);
});
