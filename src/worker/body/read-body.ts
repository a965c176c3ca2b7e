// Reads the bytes of a request, up to the limit of an emit, and decodes them.
import { placeOf } from "../../wire/json-fault.ts";
import { MAX_REQUEST_BYTES } from "../../wire/limits.ts";
import { err, ok, type Result } from "../../wire/problem.ts";
import { holdBody } from "./body-budget.ts";

/** So many bytes of a body that is too long are still read: many clients hear no answer while they cannot send. */
const MAX_DISCARDED_BYTES = 16 * 1024 * 1024;

/**
 * A body that is too long is refused once it is sent, so that its sender hears why, or at {@link MAX_DISCARDED_BYTES}. The caller
 * MUST release it (`body-budget`).
 */
export async function readBytes(request: Request): Promise<Result<Uint8Array>> {
  const encoding = request.headers.get("Content-Encoding") ?? "identity";
  if (encoding.toLowerCase() !== "identity") {
    return err("unsupported_encoding", `Send the body as it is, without Content-Encoding: ${encoding}.`);
  }
  const announced = request.headers.get("Content-Length");
  const isTooLong = Number(announced) > MAX_REQUEST_BYTES;
  if (!isTooLong && !holdBody(request, Number(announced) || 0, Date.now())) return overloaded();
  try {
    // A body with Content-Length is read in one step: chunk by chunk it costs a quarter of an emit's CPU (measured).
    const bytes =
      announced === null || isTooLong ? await readChunks(request) : new Uint8Array(await request.arrayBuffer());
    if (bytes === null) return overloaded();
    return bytes === undefined || bytes.byteLength > MAX_REQUEST_BYTES ? tooLarge() : ok(bytes);
  } catch {
    // The client has disconnected, or its chunks are malformed: no fault of this server, so nothing for its log.
    return err("body_incomplete", "The request body ended early.");
  }
}

/** Of a body without Content-Length, or that is too long. @returns `undefined` if it is too long, `null` if there is no room for it */
async function readChunks(request: Request): Promise<Uint8Array | undefined | null> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.byteLength;
    if (length > MAX_DISCARDED_BYTES) return undefined;
    if (length > MAX_REQUEST_BYTES) chunks.length = 0;
    else if (holdBody(request, chunk.byteLength, Date.now())) chunks.push(chunk);
    else return null;
  }
  if (length > MAX_REQUEST_BYTES) return undefined;
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}

function overloaded() {
  return err("overloaded", "Too many large requests are in progress. Nothing was stored: try again in a second.");
}

function tooLarge() {
  return err("body_too_large", `A request may have ${MAX_REQUEST_BYTES} bytes; send this one in parts.`);
}

/** UTF-8 as text, without the byte order mark that some editors put before it. @returns it, or `bad_json` and where */
export function textOf(bytes: Uint8Array): Result<string> {
  try {
    return ok(new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes));
  } catch {
    const place = placeOfBadBytes(bytes);
    const { problem } = err("bad_json", `This is not UTF-8: line ${place.line}, column ${place.column}.`);
    return { ok: false, problem: { ...problem, ...place } };
  }
}

/** The decoder says nothing of where. What it puts for bytes that it cannot read comes back as others. */
function placeOfBadBytes(bytes: Uint8Array) {
  const keep = { ignoreBOM: true, fatal: false }; // else what comes back would be three bytes ahead
  const text = new TextDecoder("utf-8", keep).decode(bytes);
  const fault = new TextEncoder().encode(text).findIndex((byte, index) => byte !== bytes[index]);
  const before = new TextDecoder("utf-8", keep).decode(bytes.subarray(0, fault), { stream: true }); // no torn letter
  return placeOf(text, before.length);
}
