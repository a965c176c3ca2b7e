// `POST /api/revocations`: an operator revokes tokens in a channel, or in several.
import { DEFAULT_CHANNEL } from "../../wire/channel.ts";
import { parseList } from "../../wire/list.ts";
import { err, ok, type Result } from "../../wire/problem.ts";
import { releaseBody } from "../body/body-budget.ts";
import { readRevocation } from "../body/parse-revocation.ts";
import { callHubForResult } from "../call-hub.ts";
import { type ChannelStub, channelNamed } from "../channel-stub.ts";
import { authorizeOperator } from "../http/authorize.ts";
import { atMostOne, checkQuery, queryOf } from "../http/query.ts";
import { reworded } from "../refusals.ts";

const REVOKE_PARAMETERS = ["channel", "channels"] as const;

/** Each wakes a Durable Object. */
const MAX_CHANNELS = 100;

/** @returns what is revoked, until when, and how many sockets were closed in each channel */
export async function revoke(request: Request, env: Cloudflare.Env): Promise<Result<unknown>> {
  const operator = await authorizeOperator(request, env);
  if (!operator.ok) return operator;
  const query = checkQuery(request.url, REVOKE_PARAMETERS);
  if (!query.ok) return query;
  const stubs = channelsIn(queryOf(request.url), env);
  if (!stubs.ok) return stubs;
  const revocation = await readRevocation(request, Date.now()).finally(() => releaseBody(request));
  if (!revocation.ok) return revocation;
  const revoked = await Promise.all(
    stubs.value.map(async (channel) => {
      const result = await callHubForResult(channel, env, (hub, refusals) => hub.revoke(revocation.value, refusals));
      return { name: channel.name, result };
    }),
  );
  const channels: { readonly channel: string; readonly closed: number }[] = [];
  for (const { name, result } of revoked) {
    if (!result.ok) {
      return { ok: false, problem: reworded(result.problem, `Channel ${name}: ${result.problem.detail}`) };
    }
    channels.push({ channel: name, closed: result.value.closed });
  }
  const { untilMs, ...what } = revocation.value;
  const { beforeMs, ...whose } = { beforeMs: undefined, ...what };
  const before = beforeMs === undefined ? {} : { before: new Date(beforeMs).toISOString() };
  return ok({ ...whose, ...before, until: new Date(untilMs).toISOString(), channels });
}

function channelsIn(query: URLSearchParams, env: Cloudflare.Env): Result<readonly ChannelStub[]> {
  const single = atMostOne(query, ["channel", "channels"]);
  if (!single.ok) return single;
  const list = query.get("channels");
  const names = list === null ? [query.get("channel") ?? DEFAULT_CHANNEL] : [...new Set(parseList(list))];
  if (names.length === 0 || names.length > MAX_CHANNELS) {
    return err("bad_channel", `"channels" names 1 to ${MAX_CHANNELS} channels, comma-separated.`);
  }
  const stubs: ChannelStub[] = [];
  for (const name of names) {
    const stub = channelNamed(name, env);
    if (!stub.ok) return stub;
    stubs.push(stub.value);
  }
  return ok(stubs);
}
