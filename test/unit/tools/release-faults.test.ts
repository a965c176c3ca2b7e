import { expect, it } from "vitest";
import { type Release, releaseFaults } from "../../../tools/dev/release-faults.ts";

const CHANGELOG = "# Changelog\n\n## [Unreleased]\n\n## [1.2.0] - 2026-11-28\n\n### Added\n\n- More.\n";
const FINE: Release = {
  version: "1.2.0",
  workerVersion: "1.2.0",
  changelog: CHANGELOG,
  status: "",
  tags: ["v1.1.0"],
  repository: { type: "git", url: "https://example.org/reactor.git" },
};

it("finds nothing wrong with what may be released", () => {
  expect(releaseFaults(FINE)).toEqual([]);
  expect(releaseFaults({ ...FINE, tags: ["v1.2.0"], startedBy: "v1.2.0" })).toEqual([]);
  expect(releaseFaults({ ...FINE, changelog: CHANGELOG.replace("## [Unreleased]\n\n", "") })).toEqual([]);
});

it.each<[string, Partial<Release>]>([
  ["package.json says 1.2.0", { workerVersion: "1.1.0" }],
  ["no heading", { changelog: CHANGELOG.replace("[1.2.0]", "[1.1.0]") }],
  ["no date", { changelog: CHANGELOG.replace("2026-11-28", "soon") }],
  ["entries under Unreleased", { changelog: CHANGELOG.replace("## [1", "### Added\n\n- Less.\n\n## [1") }],
  ["uncommitted", { status: " M README.md\n" }],
  ["tag v1.2.0", { tags: ["v1.1.0", "v1.2.0"] }],
  ["v1.3.0 is not that of", { startedBy: "v1.3.0" }],
  ['lacks "repository"', { repository: undefined }],
])("says so: %s", (fault, wrong) => {
  const found = releaseFaults({ ...FINE, ...wrong });
  expect(found).toEqual([expect.stringContaining(fault)]);
});

it("finds entries under Unreleased also where they are the end of the file", () => {
  const changelog = `${CHANGELOG.replace("## [Unreleased]\n\n", "")}\n## [Unreleased]\n\n- Late.\n`;
  expect(releaseFaults({ ...FINE, tags: ["v1.2.0"], startedBy: "v1.2.0" })).toEqual([]);
  expect(releaseFaults({ ...FINE, changelog })).toEqual([expect.stringContaining("entries under Unreleased")]);
});
