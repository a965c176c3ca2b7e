// One break of the code, and the tests that must notice it.

export interface Mutant {
  readonly name: string;
  /** Of SPEC.md: of the tests that fail with the mutant, one at least MUST carry it, so that it is not caught by accident. */
  readonly rule: string;
  /** What is wrong with the code then, as somebody would see it. */
  readonly breaks: string;
  readonly file: string;
  /** In `file` exactly once. */
  readonly text: string;
  readonly replacement: string;
  /** Test files that pass without the mutant, and must not with it. */
  readonly tests: readonly [string, ...string[]];
}
