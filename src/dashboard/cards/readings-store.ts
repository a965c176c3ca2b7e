// The cards' values, as the events of a visit change them.
import { Snapshot } from "../../react/snapshot.ts";
import type { Visit } from "../visit/visit.ts";
import { NO_READINGS, type Readings, readEvent } from "./readings.ts";

export class ReadingsStore {
  readonly readings = new Snapshot<Readings>(NO_READINGS);

  constructor(visit: Visit) {
    visit.listen({ event: (event) => this.readings.update((readings) => readEvent(readings, event)) });
  }
}
