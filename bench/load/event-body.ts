// Bodies of emits: events of a given size, each with room for a stamp.
import { STAMP_MEMBER } from "./stamp.ts";

/** The type of every event of a bench: subscribers distinguish them from the hub's own frames by it. */
const EVENT_TYPE = "bench";

/** @param bytes of the event as it is posted, at least 64 */
export function eventText(bytes: number, type = EVENT_TYPE): string {
  const empty = `{"type":"${type}","data":{${STAMP_MEMBER},"pad":""}}`;
  return empty.replace('"pad":""', `"pad":"${"x".repeat(Math.max(0, bytes - empty.length))}"`);
}

export interface EmitBody {
  readonly contentType: string;
  readonly text: string;
  readonly events: number;
}

/** One event of each of these types, as NDJSON. */
export function emitBodyOf(types: readonly string[], bytes: number): EmitBody {
  const text = types.map((type) => eventText(bytes, type)).join("\n");
  return { contentType: "application/x-ndjson", text, events: types.length };
}

/** One event as JSON, several as NDJSON. */
export function emitBody(events: number, bytes: number, type = EVENT_TYPE): EmitBody {
  const one = eventText(bytes, type);
  if (events === 1) return { contentType: "application/json", text: one, events };
  return { contentType: "application/x-ndjson", text: Array(events).fill(one).join("\n"), events };
}

/** What a batch of CloudEvents has beside the events of `emitBody`: an id each. @param first the number in the first id */
export function cloudEventsBody(events: number, bytes: number, first: number): EmitBody {
  const one = (index: number) => {
    const id = `order-${first + index}`;
    const empty = `{"specversion":"1.0","id":"${id}","source":"/bench","type":"${EVENT_TYPE}","data":{"pad":""}}`;
    return empty.replace('"pad":""', `"pad":"${"x".repeat(Math.max(0, bytes - empty.length))}"`);
  };
  const text = `[${Array.from({ length: events }, (_, index) => one(index)).join(",")}]`;
  return { contentType: "application/cloudevents-batch+json", text, events };
}

/** Enough that hardly two events of a frame are alike. */
const VARIANTS = 64;

const WORDS =
  "the of parliament votes on budget after a night talks in capital sources say storm closes harbour rotterdam police search for witness near station shares fall as bank warns profit minister resigns over report new vaccine trial begins coast guard finds boat with three people aboard team wins final late goal".split(
    " ",
  );

/** POSTs as `emitBody` makes them, of events whose text differs as that of news does: what is compressed must not repeat itself. */
export function emitBodies(events: number, bytes: number): readonly EmitBody[] {
  let state = 1;
  const word = () => {
    state = (state * 48_271) % 0x7fff_ffff;
    return WORDS[state % WORDS.length] ?? "";
  };
  const worded = (text: string) =>
    text.replace(/x+/g, ({ length }) => {
      let prose = "";
      while (prose.length < length) prose += `${word()} `;
      return prose.slice(0, length);
    });
  return Array.from({ length: VARIANTS }, () => {
    const body = emitBody(events, bytes);
    return { ...body, text: worded(body.text) };
  });
}
