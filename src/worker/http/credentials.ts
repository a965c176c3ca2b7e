// Where a request may carry a key or a token. Neither is ever logged, echoed, or sent on to a Hub.
import { parseList } from "../../wire/list.ts";
import { err, ok, type Result } from "../../wire/problem.ts";
import { TOKEN_SUBPROTOCOL } from "../../wire/server-frame.ts";

/** The credential of `Authorization: Bearer …`; `null` without the header, empty where it has another form. */
export function bearerOf(request: Request): string | null {
  const header = request.headers.get("Authorization");
  return header === null ? null : (/^Bearer +(\S+)$/i.exec(header)?.[1] ?? "");
}

/**
 * The first of: the `Authorization` header; `reactor.token.…` among the subprotocols, for browsers; `?token=`, for clients
 * that can send neither.
 *
 * @returns it, `null` without one, or `unauthorized` for a key in the URL: URLs end up in logs, and keys do not expire
 */
export function credentialOf(request: Request): Result<string | null> {
  const header = bearerOf(request) ?? subprotocolToken(request);
  if (header !== null) return ok(header);
  const token = new URL(request.url).searchParams.get("token");
  if (token === null || token.split(".").length === 3) return ok(token);
  return err("unauthorized", 'Only a token may be sent as "?token=": a key belongs in the Authorization header.');
}

function subprotocolToken(request: Request): string | null {
  const offered = parseList(request.headers.get("Sec-WebSocket-Protocol"));
  return offered.find((name) => name.startsWith(TOKEN_SUBPROTOCOL))?.slice(TOKEN_SUBPROTOCOL.length) ?? null;
}
