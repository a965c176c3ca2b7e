// `POST /api/events`: emits. What is answered 200 is durable.
import { tokenOf } from "../../core/access/revocations.ts";
import { checkEmit, senderOf } from "../../core/access/rights.ts";
import { columnsOf } from "../../hub/draft-columns.ts";
import type { Result } from "../../wire/problem.ts";
import { readDrafts } from "../body/parse-drafts.ts";
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
  const { hub, rights } = publisher.value;
  const inTime = await checkRate(rights, env);
  if (!inTime.ok) return inTime;
  const drafts = await readDrafts(request, senderOf(rights));
  if (!drafts.ok) return drafts;
  const may = checkEmit(
    rights,
    drafts.value.map(({ type }) => type),
  );
  return may.ok ? await hub.emit(columnsOf(drafts.value), tokenOf(rights)) : may;
}
