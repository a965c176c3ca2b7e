import { expect, it } from "vitest";
import { banner } from "../../../tools/dev/banner.ts";

const shown = (header: string) => banner("http://localhost:9000", header, "npm run demo").trim().split("\n");

it("npm start ends with four lines to act on, the development key among them", () => {
  const [title, ...lines] = shown("'Authorization: Bearer dev-key'");
  expect(title).toBe("Reactor is running with the key dev-key. Ctrl-C stops it.");
  expect(lines.map((line) => line.slice(28).split(" -d ")[0])).toEqual([
    "http://localhost:9000/live",
    "http://localhost:9000/examples/hello.html",
    "curl http://localhost:9000/api/events -H 'Authorization: Bearer dev-key' -H 'Content-Type: application/json'",
    "npm run demo",
  ]);
});

it("npm start does not call another key the development key", () => {
  expect(shown("'Authorization: Bearer mine'")[0]).toBe("Reactor is running. Ctrl-C stops it.");
});
