// A browser of the system's packages, which Playwright cannot drive: it starts, loads one page at a time, and tells what is in it.
export interface OtherBrowser {
  /** As the browser itself says. */
  readonly version: string;
  /** Loads a page in the place of the one that is there, and waits until it has loaded. */
  goto(url: string): Promise<void>;
  /** @param expression of JavaScript, whose value is JSON @throws if it throws */
  evaluate<Value>(expression: string): Promise<Value>;
  /** It and all of its processes end. */
  close(): Promise<void>;
}

export interface OtherBrowserKind {
  readonly name: string;
  /** Debian's packages that have its programs. */
  readonly packages: string;
  /** All of them must be on the PATH. */
  readonly programs: readonly string[];
  start(): Promise<OtherBrowser>;
}
