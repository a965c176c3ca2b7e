// One break of the code, and the tests that must fail with it.

export interface Mutant {
  readonly name: string;
  /** A rule of SPEC.md: at least one test that fails with the mutant MUST carry it, so that it is not caught by accident. */
  readonly rule: string;
  /** The observable fault that the mutant causes. */
  readonly breaks: string;
  readonly file: string;
  /** In `file` exactly once. */
  readonly text: string;
  readonly replacement: string;
  /** Test files that pass without the mutant, and must fail with it. */
  readonly tests: readonly [string, ...string[]];
}
