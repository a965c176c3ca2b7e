// A server of a bench, Reactor or a control: a process that listens on 127.0.0.1.
import type { PublishTo } from "../load/emitter.ts";
import type { Dialect } from "../load/load-subscriber.ts";

export interface Server {
  readonly name: string;
  readonly port: number;
  /** Its children count as it. */
  readonly pid: number;
  /** How it is published to and subscribed to; absent for Reactor and the controls that take POSTs as it does. */
  readonly speaks?: { readonly to: PublishTo; readonly path: string; readonly dialect: Dialect };
  /** The lines that it has written to its output. */
  readonly output: readonly string[];
  stop(): Promise<void>;
}
