// A log in memory whose next append can be made to fail.
import type { AppendedEvent } from "../../src/core/log/event-log.ts";
import { MemoryLog } from "../../src/core/log/memory-log.ts";

export class FaultyLog extends MemoryLog {
  failsNext = false;
  /** Everything that was ever appended, also what was deleted since. */
  readonly appended: { readonly seq: number; readonly type: string; readonly id: string }[] = [];

  override append(events: readonly AppendedEvent[], epoch: string, atMs: number): void {
    if (this.failsNext) {
      this.failsNext = false;
      throw new Error("The disk is full.");
    }
    super.append(events, epoch, atMs);
    for (const { seq, type, event } of events) this.appended.push({ seq, type, id: JSON.parse(event).id });
  }
}
