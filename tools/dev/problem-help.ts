// What each problem means, and what to do about it: the text of the page /errors and of docs/errors.md. The build makes the page
// of it, so that it costs a Worker nothing.
import { MAX_EVENT_BYTES, MAX_REQUEST_BYTES, MAX_REQUEST_EVENTS } from "../../src/wire/limits.ts";
import type { ProblemCode } from "../../src/wire/problem.ts";

/** In Markdown; of it only `code` is used. */
export interface ProblemHelp {
  readonly meaning: string;
  readonly remedy: string;
}

const count = (n: number) => n.toLocaleString("en");

export const PROBLEM_HELP: Readonly<Record<ProblemCode, ProblemHelp>> = {
  bad_json: {
    meaning: "The body, or a line of it, is not JSON or not UTF-8. Nothing of the request was stored.",
    remedy: "`line` and `column` are where it stops being JSON, from 1; the column is in UTF-16 units.",
  },
  body_incomplete: {
    meaning: "The connection ended before the body did. Nothing of the request was stored.",
    remedy: "Send the request again. With your own `id` in each event, no event can be stored twice.",
  },
  bad_event: {
    meaning: "The event at `pointer` has a member that is missing or invalid. Nothing of the request was stored.",
    remedy:
      "Correct what `detail` names. An event is `{type, data, source, timestamp, id}`, and only `type` is required, of 1 to 256 bytes without control characters, `,` and `*`, and without a space at either end; `timestamp` is RFC 3339, such as `2026-11-21T12:00:00Z`.",
  },
  unknown_field: {
    meaning: "An event has a member that this hub does not know, and would have to drop. Nothing was stored.",
    remedy:
      "Put what is yours into `data`. The channel goes into the URL (`?channel=`). Only CloudEvents may have extensions.",
  },
  reserved_type: {
    meaning: "`echo` and types that begin with `reactor_` or `websocket_` are the hub's own.",
    remedy: "Give your event another type.",
  },
  empty_batch: {
    meaning: "The array, or the NDJSON body, holds no event.",
    remedy: "Do not send a request when there is nothing to emit.",
  },
  bad_channel: {
    meaning: "The name of the channel is not 1 to 128 of `A-Z a-z 0-9 . _ : -`, beginning with a letter or a digit.",
    remedy:
      "Use a name of that form: `detail` has one where it can be told. Case tells: `Main` is not `main`, which is the channel without `?channel=`.",
  },
  bad_cursor: {
    meaning: "The text is not a cursor, which is `<epoch>.<seq>`, such as `k3x9.44`.",
    remedy: "Send a cursor exactly as the hub gave it: in a frame, a page of history, or the answer to an emit.",
  },
  bad_limit: {
    meaning: "`limit`, `last` or the header `WebHook-Request-Rate` is not a whole number, or out of its range.",
    remedy: "Send a whole number from 1 to what `detail` says. For more events ask for several pages.",
  },
  bad_options: {
    meaning: "The second argument of an RPC call is not an object with the one option `channel`.",
    remedy: '`env.REACTOR.emit(event, { channel: "main" })`.',
  },
  unknown_parameter: {
    meaning: "The route has no query parameter of that name: it would have had no effect.",
    remedy: "`detail` has the parameters of the route, and the one that was probably meant.",
  },
  repeated_parameter: {
    meaning: "A query parameter that has one value was given twice.",
    remedy: "Send it once. Only `events` may be repeated.",
  },
  bad_pattern: {
    meaning:
      "A pattern is not 1 to 256 bytes without control characters and commas, or has a space at an end, or has more than four `*`, or there are more than 64, or they take more than 8 KiB.",
    remedy:
      "`*` stands for any run of characters: `news_*` is every type that begins with `news_`. Four are enough for a beginning, an end and three words between; where more seem to be needed, ask for a shorter pattern and choose among the events. In a URL patterns are percent-encoded, and a comma separates them.",
  },
  conflicting_parameters: {
    meaning: "Two query parameters were given of which only one can hold, such as `cursor` and `last`.",
    remedy: "Send one of them.",
  },
  unauthorized: {
    meaning: "The request has no key or token, or one that this hub does not accept.",
    remedy:
      "Send `Authorization: Bearer` with the key or token; a browser's WebSocket sends a token as the subprotocol `reactor.token.<jwt>`. `npm start` uses the key `dev-key`. A token may have expired, or lack a claim: `detail` says which.",
  },
  token_expiring: {
    meaning: "The token of this socket is about to expire. The socket is closed when it does.",
    remedy: "Send a fresh token in an `auth` message. The client does so if `token` is a function.",
  },
  forbidden: {
    meaning: "The token is valid, but does not allow this channel, this type, or emitting at all.",
    remedy:
      "Mint a token whose claims `channels`, `events` and `emit` include what you need. Trying again does not help.",
  },
  foreign_origin: {
    meaning:
      "The page, or the sender of CloudEvents that asks for leave, is from an origin that this hub does not allow.",
    remedy:
      "Add the page's origin to `ALLOWED_ORIGINS`, as the browser writes it: `https://app.example.org`. Pages of the hub's own origin are always allowed, those of localhost while nothing is listed. Add a sender to `WEBHOOK_ORIGINS` as it names itself: `eventgrid.azure.net`.",
  },
  bad_revocation: {
    meaning:
      "The body is not one revocation: `{sub, before, until}` or `{jti, until}`, where only `sub` or `jti` is required.",
    remedy:
      "`pointer` names the member. Times are RFC 3339, such as `2026-11-21T12:00:00Z`; `until` lies in the future.",
  },
  event_not_found: {
    meaning: "The cursor is of another epoch, or beyond the head: the log never had that event. Nothing was taken out.",
    remedy: "Use the event's own cursor: the epoch of the channel's cursor, a dot, and the event's `seq`.",
  },
  not_found: {
    meaning: "No route has this path.",
    remedy: "Compare the path with the table of the HTTP API in README.md.",
  },
  method_not_allowed: {
    meaning: "The route does not take this method.",
    remedy: "The header `Allow` names those that it takes.",
  },
  id_conflict: {
    meaning:
      "An event with this `source` and `id` is in the log, with another type or other data. Nothing of the request was stored.",
    remedy:
      "An `id` names one event for ever, and not the thing that it is about: give a new event of order 42 a new id, and put the 42 into `data`. To repeat an emit, send exactly the same event.",
  },
  too_many_revocations: {
    meaning:
      "The channel keeps as many revocations as it can. This one was not stored, and no socket was closed for it.",
    remedy:
      "Wait until some are over; give revocations an `until`. To end all tokens at once, change `REACTOR_JWT_SECRET`.",
  },
  event_too_large: {
    meaning: `An event takes more than ${count(MAX_EVENT_BYTES)} bytes as JSON.`,
    remedy: "Store large content elsewhere, and send its address.",
  },
  batch_too_large: {
    meaning: `A request has more than ${count(MAX_REQUEST_EVENTS)} events. None was stored.`,
    remedy: "Send them in several requests.",
  },
  body_too_large: {
    meaning: `A request has more than ${count(MAX_REQUEST_BYTES)} bytes. Nothing was stored.`,
    remedy: "Send the events in several requests.",
  },
  unsupported_media_type: {
    meaning: "The Content-Type is not one that this hub reads, or its charset is not UTF-8.",
    remedy:
      "Send `application/json`, `application/x-ndjson` or one of CloudEvents. Some HTTP libraries send another type unless you set it.",
  },
  unsupported_encoding: {
    meaning: "The body has a Content-Encoding, such as gzip, which this hub does not read.",
    remedy: "Send the body as it is.",
  },
  upgrade_required: {
    meaning: "`/ws/stream` is a WebSocket, and the request did not ask for one.",
    remedy: "Open it with a WebSocket client; a proxy in between must pass `Upgrade` and `Connection` on.",
  },
  rate_limited: {
    meaning:
      "Too many requests, messages on one socket, sockets in one channel or from one address, or patterns of all sockets of a channel.",
    remedy:
      "Send events in batches. An HTTP client tries again after `Retry-After`; a socket reconnects with its cursor and misses nothing.",
  },
  unknown_message: {
    meaning: "The hub does not know this message of a socket. The socket stays open.",
    remedy: "Send `subscribe`, `ack`, `emit` or `auth`, each with its `data`, or the bare text `ping`.",
  },
  too_slow: {
    meaning: "The client was silent for too long, or read too slowly for what waits for it.",
    remedy: "Reconnect with the cursor that you reached: nothing is lost. The client does so by itself.",
  },
  protocol_error: {
    meaning: "A message is binary or over 64 KiB, or acknowledges what was never sent.",
    remedy: "This is a fault of the client: correct it. Reconnecting does not help.",
  },
  internal: {
    meaning: "The hub failed in a way that it did not expect, or one of its variables is invalid.",
    remedy: "`detail` has the id of the request, under which the hub's log has the reason: `npx wrangler tail`.",
  },
  emit_not_configured: {
    meaning: "The hub has neither a key nor a way to verify tokens, so that no client may emit.",
    remedy: "Set a key: `npx wrangler secret put REACTOR_API_KEY`.",
  },
  log_unavailable: {
    meaning:
      "The hub could not read or write its log, or was interrupted, for instance by a deploy. `detail` says whether an event may be stored all the same.",
    remedy:
      "Try again after `Retry-After`. Send the same events: with an `id` none is stored twice. The hub's log has the reason.",
  },
  overloaded: {
    meaning:
      "More than 8 MiB of events wait for their commit, or the bodies of the requests in progress take more than 16 MiB. Nothing of this request was stored.",
    remedy: "Send it again after `Retry-After`. Batches need fewer commits than single events.",
  },
  keys_unavailable: {
    meaning: "The public keys at `REACTOR_JWKS_URL` could not be fetched, so that no token can be checked.",
    remedy: "Try again after `Retry-After`. If it stays so, check that address.",
  },
  reactor_disabled: {
    meaning: "`REACTOR_ENABLED` is `false`: sockets are accepted, and no event is taken.",
    remedy: "Set it to `true`, or remove it, and deploy.",
  },
};
