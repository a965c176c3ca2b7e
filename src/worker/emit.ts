// `POST /api/events`: a backend's door. What is answered 200 is durable.
import { checkKey } from "../auth/keys.ts";
import type { Receipt } from "../core/broker.ts";
import { type Result, refuse } from "../wire/problem.ts";
import { configOf } from "./config.ts";
import { readDrafts } from "./emit-body.ts";
import { channelOf } from "./hub-of.ts";

/** Who asks is settled before what they sent is read. */
export async function emit(request: Request, env: Cloudflare.Env): Promise<Result<Receipt>> {
  const config = configOf(env);
  if (!config.enabled) return refuse("reactor_disabled", "REACTOR_ENABLED is false: this hub takes no events.");
  const may = await checkKey(request.headers.get("Authorization"), config.apiKey);
  if (!may.ok) return may;
  const channel = channelOf(request, env);
  if (!channel.ok) return channel;
  const drafts = await readDrafts(request);
  if (!drafts.ok) return drafts;
  return await channel.value.hub.emit(drafts.value);
}
