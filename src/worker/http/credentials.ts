// Where a request may carry a key or a token. Neither is ever logged, echoed, or sent on to a Hub.
import { parseList } from "../../wire/list.ts";
import { err, ok, type Result } from "../../wire/problem.ts";
import { TOKEN_SUBPROTOCOL } from "../../wire/server-frame.ts";
import { queryOf } from "./query.ts";

/** The credential of `Authorization: Bearer …`. @returns it, `null` without the header, or `unauthorized` for another form */
export function bearerOf(request: Request): Result<string | null> {
  const header = request.headers.get("Authorization");
  if (header === null) return ok(null);
  const bearer = /^Bearer +(\S+)$/i.exec(header)?.[1];
  if (bearer !== undefined) return ok(bearer);
  return err("unauthorized", "Begin the Authorization header with `Bearer `, then the key or the token.");
}

/**
 * The first of: the `Authorization` header; `reactor.token.…` among the subprotocols, for browsers; `?token=`, for clients
 * that can send neither.
 *
 * @returns it, `null` without one, or `unauthorized` for a key in the URL: URLs end up in logs, and keys do not expire
 */
export function credentialOf(request: Request): Result<string | null> {
  const bearer = bearerOf(request);
  if (!bearer.ok) return bearer;
  const header = bearer.value ?? subprotocolToken(request);
  if (header !== null) return ok(header);
  const token = queryOf(request.url).get("token");
  if (token === null || token.split(".").length === 3) return ok(token);
  return err("unauthorized", 'Only a token may be sent as "?token=": a key belongs in the Authorization header.');
}

function subprotocolToken(request: Request): string | null {
  const offered = parseList(request.headers.get("Sec-WebSocket-Protocol"));
  return offered.find((name) => name.startsWith(TOKEN_SUBPROTOCOL))?.slice(TOKEN_SUBPROTOCOL.length) ?? null;
}
