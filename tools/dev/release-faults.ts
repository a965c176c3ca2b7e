// What has to be right before a version leaves this repository.

export interface Release {
  /** That of package.json. */
  readonly version: string;
  /** What the Worker says it is: `src/worker/version.ts`. */
  readonly workerVersion: string;
  readonly changelog: string;
  /** What `git status --porcelain` says; empty: nothing is uncommitted. */
  readonly status: string;
  /** The tags that there are. */
  readonly tags: readonly string[];
  /** The tag that has started a workflow, which there may be. */
  readonly startedBy?: string | undefined;
  /** What package.json says of where the project is. */
  readonly repository: unknown;
}

/** @returns a sentence for each fault, none if the version may be released */
export function releaseFaults({
  version,
  workerVersion,
  changelog,
  status,
  tags,
  startedBy,
  repository,
}: Release): string[] {
  const heading = `## [${version}] - `;
  const after = (text: string) => changelog.slice(changelog.indexOf(text) + text.length);
  const unreleased = /^## \[Unreleased\]\n([\s\S]*?)(?=^## |$(?![\s\S]))/m.exec(changelog)?.[1] ?? "";
  return [
    version !== workerVersion && `package.json says ${version}, and src/worker/version.ts says ${workerVersion}.`,
    !changelog.includes(`\n${heading}`) && `CHANGELOG.md has no heading "${heading}YYYY-MM-DD".`,
    changelog.includes(`\n${heading}`) &&
      !/^\d{4}-\d\d-\d\d$/m.test(after(heading).split("\n", 1)[0] ?? "") &&
      `The heading of ${version} in CHANGELOG.md has no date, as 2026-11-28.`,
    unreleased.trim() !== "" && "CHANGELOG.md has entries under Unreleased: move them to the version's heading.",
    status.trim() !== "" && "There is something uncommitted: a release is what a tag names.",
    startedBy !== undefined &&
      startedBy !== `v${version}` &&
      `The tag ${startedBy} is not that of package.json's version, v${version}.`,
    tags.includes(`v${version}`) &&
      startedBy === undefined &&
      `There is a tag v${version} already: a version is released once.`,
    typeof Object(repository).url !== "string" &&
      'package.json lacks "repository": npm shows it, and proves by it where a package is from.',
  ].filter((fault) => fault !== false);
}
