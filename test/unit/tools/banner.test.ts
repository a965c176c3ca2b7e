import { expect, it } from "vitest";
import { banner } from "../../../tools/dev/banner.ts";
import { hubKey } from "../../../tools/dev/hub-key.ts";

const shown = (env: NodeJS.ProcessEnv, values = {}) => {
  const key = hubKey([], env, { values, files: [".dev.vars"], unread: [] });
  return banner("http://localhost:9000", key, "npm run demo").trim().split("\n");
};

it("npm start ends with four lines to act on, the development key among them", () => {
  const [title, ...lines] = shown({});
  expect(title).toBe("Reactor is running with the key dev-key. Ctrl-C stops it.");
  expect(lines.map((line) => line.slice(28).split(" -d ")[0])).toEqual([
    "http://localhost:9000/live",
    "http://localhost:9000/examples/hello.html",
    "curl http://localhost:9000/api/events -H 'Authorization: Bearer dev-key' -H 'Content-Type: application/json'",
    "npm run demo",
  ]);
});

it("npm start says where its key is set, and prints none of a file", () => {
  const [title, , , curl] = shown({}, { REACTOR_API_KEY: "sekret" });
  expect(title).toBe("Reactor is running with the key of .dev.vars. Ctrl-C stops it.");
  expect(curl).toContain('-H "Authorization: Bearer $(npm run -s key)"');
  expect(shown({ REACTOR_API_KEY: "mine" }, { REACTOR_API_KEY: "sekret" })[0]).toBe(
    "Reactor is running with the key of REACTOR_API_KEY in the environment. Ctrl-C stops it.",
  );
});

it("npm start prints a key as the hub takes it, without the line break around it, and quoted", () => {
  const { key, header, wranglerArgs } = hubKey(
    [],
    { REACTOR_API_KEY: "it's\n" },
    { values: {}, files: [], unread: [] },
  );
  expect([key, header, wranglerArgs]).toEqual([
    "it's",
    "'Authorization: Bearer it'\\''s'",
    ["--var", "REACTOR_API_KEY:it's\n"],
  ]);
});
