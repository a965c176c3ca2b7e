// Refuses a request to a route of a channel, and counts that. Makes routes of functions that may refuse.
import { DEFAULT_CHANNEL } from "../../wire/channel.ts";
import type { Problem, Result } from "../../wire/problem.ts";
import { countRefusal } from "../refusals.ts";
import { checkQuery, queryOf } from "./query.ts";
import { json, jsonText, refusal } from "./responses.ts";

type Route = (request: Request, env: Cloudflare.Env, ctx: ExecutionContext) => Promise<Response>;

/** Answers a problem, and counts it in the channel of the request. */
export function refuse(request: Request, problem: Problem): Response {
  countRefusalOf(request, problem);
  return refusal(problem);
}

/** For an answer that is made elsewhere. A request that names no channel, or several, counts in none. */
export function countRefusalOf({ url }: Request, problem: Problem): void {
  const query = queryOf(url);
  const [channel = DEFAULT_CHANNEL, another] = query.getAll("channel");
  if (another === undefined && !query.has("channels")) countRefusal(channel, problem);
}

/** Makes a route of a function that returns a Result. */
export function answer(route: (request: Request, env: Cloudflare.Env) => Promise<Result<unknown>>) {
  return async (request: Request, env: Cloudflare.Env): Promise<Response> => {
    const result = await route(request, env);
    return result.ok ? json(result.value) : refuse(request, result.problem);
  };
}

/** The same for a Result of JSON text. */
export function answerText(route: (request: Request, env: Cloudflare.Env) => Promise<Result<string>>) {
  return async (request: Request, env: Cloudflare.Env): Promise<Response> => {
    const result = await route(request, env);
    return result.ok ? jsonText(result.value) : refuse(request, result.problem);
  };
}

/** Makes a route that refuses other parameters than those that it has. @param known their names */
export function takes(known: readonly string[], route: Route): Route {
  return async (request, env, ctx) => {
    const query = checkQuery(request.url, known);
    return query.ok ? await route(request, env, ctx) : refuse(request, query.problem);
  };
}
