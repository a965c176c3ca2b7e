// `POST /api/events`: emits. What is answered 200 is durable.
import { tokenOf } from "../../core/access/revocations.ts";
import { checkEmit, senderOf } from "../../core/access/rights.ts";
import type { Result } from "../../wire/problem.ts";
import { releaseBody } from "../body/body-budget.ts";
import { readDrafts } from "../body/parse-drafts.ts";
import { emitTo } from "../call-hub.ts";
import { checkEnabled } from "../check-enabled.ts";
import { checkRate } from "../emit-rate.ts";
import { authorizePublisher } from "../http/authorize.ts";
import { checkQuery } from "../http/query.ts";

const EMIT_PARAMETERS = ["channel"] as const;

/** The request is authorized before its body is read. @returns the receipt as JSON text */
export async function emit(request: Request, env: Cloudflare.Env): Promise<Result<string>> {
  const enabled = checkEnabled(env);
  if (!enabled.ok) return enabled;
  const publisher = await authorizePublisher(request, env);
  if (!publisher.ok) return publisher;
  const query = checkQuery(request.url, EMIT_PARAMETERS); // only now: a `token` in the URL and no header is 401
  if (!query.ok) return query;
  const { rights } = publisher.value;
  const inTime = await checkRate(rights, env);
  if (!inTime.ok) return inTime;
  try {
    const drafts = await readDrafts(request, senderOf(rights));
    if (!drafts.ok) return drafts;
    const types = drafts.value.map(({ type }) => type);
    const may = checkEmit(rights, types);
    return may.ok ? await emitTo(publisher.value, env, drafts.value, tokenOf(rights)) : may;
  } finally {
    releaseBody(request);
  }
}
