// Every route, on one screen.
import type { IRequest } from "itty-router";
import { Router } from "itty-router/Router";
import { preflight, withCors } from "./http/cors.ts";
import { answer, answerText, takes } from "./http/refuse.ts";
import { notFound, redirect, unexpected, wrongMethod } from "./http/responses.ts";
import { withSecurityHeaders } from "./http/security-headers.ts";
import { webhookHandshake } from "./http/webhook-handshake.ts";
import { connections } from "./routes/connections.ts";
import { emit } from "./routes/emit.ts";
import { helloPage } from "./routes/example.ts";
import { hubHealth, workerHealth } from "./routes/health.ts";
import { HISTORY_PARAMETERS, readHistory } from "./routes/read-history.ts";
import { removeEvent, removeEventsBefore } from "./routes/remove.ts";
import { revoke } from "./routes/revoke.ts";
import { errorsPage, livePage } from "./routes/static-page.ts";
import { MONITOR_PARAMETERS, stats, status } from "./routes/status.ts";
import { openStream } from "./routes/stream.ts";

export const router = Router<IRequest, [Cloudflare.Env, ExecutionContext]>({
  before: [asGet],
  catch: unexpected,
  finally: [withCors, withSecurityHeaders],
});

router.get("/ws/stream", openStream);
router.post("/api/events", answerText(emit));
router.get("/api/events", takes(HISTORY_PARAMETERS, readHistory));
router.delete("/api/events", answer(removeEventsBefore));
router.delete("/api/events/:cursor", answer(removeEvent));
router.post("/api/revocations", answer(revoke));
router.get("/api/connections", answer(connections));
router.get("/ws/status", takes(MONITOR_PARAMETERS, answer(status)));
router.get("/ws/stats", takes(MONITOR_PARAMETERS, answer(stats)));
router.get("/ws/health", takes(MONITOR_PARAMETERS, hubHealth));
router.get("/health", workerHealth);
router.get("/live", livePage);
router.get("/errors", errorsPage);
router.get("/examples/hello.html", helloPage);
router.get("/", ({ url }) => redirect(new URL("/live", url).href));

const READ = "GET, HEAD, OPTIONS";

for (const [path, allow] of [
  ["/api/events", "GET, HEAD, POST, DELETE, OPTIONS"],
  ["/api/events/:cursor", "DELETE, OPTIONS"],
  ["/api/revocations", "POST, OPTIONS"],
  ["/api/connections", READ],
  ["/ws/stream", READ],
  ["/ws/status", READ],
  ["/ws/stats", READ],
  ["/ws/health", READ],
  ["/health", READ],
  ["/live", READ],
  ["/errors", READ],
  ["/examples/hello.html", READ],
  ["/", READ],
] as const) {
  if (path === "/api/events") router.options(path, webhookHandshake(allow));
  router.options(path, preflight(allow));
  router.all(path, () => wrongMethod(allow));
}
router.all("*", notFound);

/** HEAD is GET without a body, on every route that has GET. */
async function asGet(request: IRequest, env: Cloudflare.Env, ctx: ExecutionContext): Promise<Response | undefined> {
  if (request.method !== "HEAD") return undefined;
  const reply: Response = await router.fetch(new Request(request, { method: "GET" }), env, ctx);
  await reply.body?.cancel();
  return new Response(null, reply);
}
