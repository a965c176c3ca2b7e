// The real client, outside a browser, and everything that it delivers.
import { type ConnectOptions, connect, type Reactor, type ReactorEvent, type Reset } from "../../src/client/index.ts";

export interface Collector {
  readonly reactor: Reactor;
  readonly events: ReactorEvent[];
  readonly resets: Reset[];
  /** The seqs of `events`. */
  seqs(): (number | undefined)[];
  /** Waits until `holds` returns true; it is called again whenever something arrives. */
  until(holds: (collector: Collector) => boolean): Promise<void>;
}

export function collect(options: ConnectOptions & { readonly url: string }): Collector {
  const reactor = connect(options);
  const waiting = new Set<() => void>();
  const tell = () => {
    for (const check of waiting) check();
  };
  const collector: Collector = {
    reactor,
    events: [],
    resets: [],
    seqs: () => collector.events.map(({ seq }) => seq),
    until: (holds) =>
      new Promise((resolve) => {
        const check = () => {
          if (!holds(collector)) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      }),
  };
  reactor.on("*", (event) => {
    collector.events.push(event);
    tell();
  });
  reactor.onReset((reset) => {
    collector.resets.push(reset);
    tell();
  });
  reactor.onState(tell);
  return collector;
}
