// A promise, and what resolves it. `Promise.withResolvers` is that in newer runtimes; Node 20, in which `pulse-reactor/testing` runs,
// lacks it.

export interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T | PromiseLike<T>) => void;
}

export function deferred<T>(): Deferred<T> {
  let resolve: Deferred<T>["resolve"] = () => {};
  const promise = new Promise<T>((given) => {
    resolve = given;
  });
  return { promise, resolve };
}
