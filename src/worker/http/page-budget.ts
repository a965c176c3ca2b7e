// What this isolate holds of history pages at once: from the question to the hub until the client has taken the page. The hub's own
// budget (`core/log/history-budget`) does not know when that is.
import { MIN_PAGE_BYTES } from "../../core/log/history-budget.ts";
import { READ_LIMITS } from "../../core/log/read-back.ts";
import { utf8Bytes } from "../../wire/utf8.ts";
import { HeldBytes } from "../held-bytes.ts";

/** Beyond the smallest pages. */
export const MAX_HELD_BYTES = 16 * 1024 * 1024;

/** A page that is no larger leaves in one piece: it is not waited for. */
const SMALL_BYTES = 64 * 1024;

const pages = new HeldBytes(MAX_HELD_BYTES);

/** @param nowMs Unix time @returns how many bytes the page may have. It MUST be released */
export function holdPage(request: Request, nowMs: number): number {
  const bytes = Math.min(READ_LIMITS.bytes, Math.max(MIN_PAGE_BYTES, pages.room(nowMs)));
  pages.hold(request, bytes, nowMs);
  return bytes;
}

export function releasePage(request: Request): void {
  pages.release(request);
}

/** Holds a page until the client has taken it, or has left. @param reply has `text` as its body, or none @returns it */
export function holdUntilSent(request: Request, reply: Response, text: string, ctx: ExecutionContext): Response {
  if (reply.body === null || text.length <= SMALL_BYTES) return reply;
  pages.hold(request, text.length, Date.now());
  const { readable, writable } = new FixedLengthStream(utf8Bytes(text));
  const left = () => {}; // the client: no fault of this server
  ctx.waitUntil(
    reply.body
      .pipeTo(writable)
      .catch(left)
      .finally(() => pages.release(request)),
  );
  return new Response(readable, reply);
}
