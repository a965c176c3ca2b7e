// An event that the page emits, over HTTP like any other event.
import type { Asking } from "./ask-hub.ts";

export interface Emission {
  readonly type: string;
  readonly data?: unknown;
  /** The JSON of `data`, in its place: it is sent as it is written, so that its numbers keep all their digits. */
  readonly dataText?: string;
  readonly source?: string | undefined;
  readonly id?: string;
}

export function emissionText({ type, data, dataText = JSON.stringify(data ?? {}), source, id }: Emission): string {
  const others = JSON.stringify({ source, id }).slice(1, -1); // without those that are undefined
  return `{"type":${JSON.stringify(type)},"data":${dataText}${others && ","}${others}}`;
}

/** With an id: a browser sends a POST again by itself if its answer is lost. `crypto.randomUUID` needs https. */
export function postOf(emission: Emission): Asking {
  const body = emissionText({ id: `${Date.now()}-${Math.random()}`, ...emission });
  return { method: "POST", headers: { "Content-Type": "application/json" }, body };
}
