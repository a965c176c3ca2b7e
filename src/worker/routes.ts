// The front door: every route, on one screen.
import type { IRequest } from "itty-router";
import { Router } from "itty-router/Router";
import { emit } from "./emit.ts";
import { livePage } from "./live-route.ts";
import { readLog } from "./read-log.ts";
import { answer, answerText, json, notFound, wrongMethod } from "./replies.ts";
import { health, stats, status } from "./status.ts";
import { openStream } from "./stream.ts";
import { VERSION } from "./version.ts";

export const router = Router<IRequest, [Cloudflare.Env, ExecutionContext]>();

router.get("/ws/stream", openStream);
router.post("/api/events", answer(emit));
router.get("/api/events", answerText(readLog));
router.get("/ws/status", answer(status));
router.get("/ws/stats", answer(stats));
router.get("/ws/health", answer(health));
router.get("/health", () => json({ status: "healthy", version: VERSION }));
router.get("/live", livePage);
router.get("/", ({ url }) => Response.redirect(new URL("/live", url).href, 302));

router.all("/api/events", () => wrongMethod("GET, POST"));
for (const path of ["/ws/stream", "/ws/status", "/ws/stats", "/ws/health", "/health", "/live", "/"]) {
  router.all(path, () => wrongMethod("GET"));
}
router.all("*", notFound);
