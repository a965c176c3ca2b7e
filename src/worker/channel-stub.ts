// From a request to the Durable Object of its channel.
import type { Hub } from "../hub/hub.ts";
import { channelFault, DEFAULT_CHANNEL, isChannel } from "../wire/channel.ts";
import { err, ok, type Result } from "../wire/problem.ts";
import { queryOf } from "./http/query.ts";

export interface ChannelStub {
  readonly name: string;
  readonly hub: DurableObjectStub<Hub>;
}

/** The channel that `?channel=` names, `main` without one. */
export function channelStubOf(request: Request, env: Cloudflare.Env): Result<ChannelStub> {
  return channelNamed(queryOf(request.url).get("channel") ?? DEFAULT_CHANNEL, env);
}

/** The stub of a channel without a log creates nothing. @returns it, or `bad_channel` */
export function channelNamed(name: unknown, env: Cloudflare.Env): Result<ChannelStub> {
  return isChannel(name) ? ok({ name, hub: env.HUB.getByName(name) }) : err("bad_channel", channelFault(name));
}
