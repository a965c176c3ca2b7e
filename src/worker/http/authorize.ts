// Authenticates and authorizes a request: the first step of every route, before anything else of it is read.
import { authenticate, isOpen } from "../../auth/authenticate.ts";
import { isKey } from "../../auth/keys.ts";
import { LISTENING, maySpeak, type Rights } from "../../core/access/rights.ts";
import { settingsOf } from "../../hub/settings.ts";
import { DEFAULT_CHANNEL } from "../../wire/channel.ts";
import { err, ok, type Result } from "../../wire/problem.ts";
import { type ChannelStub, channelStubOf } from "../channel-stub.ts";
import { bearerOf, credentialOf } from "./credentials.ts";
import { checkQuery } from "./query.ts";

/** A client in a channel. */
export interface Authorized extends ChannelStub {
  readonly rights: Rights;
}

/** For reading. @returns the rights and the channel, or `bad_channel`, `unauthorized`, `forbidden` or `keys_unavailable` */
export async function authorizeReader(request: Request, env: Cloudflare.Env): Promise<Result<Authorized>> {
  const credential = credentialOf(request);
  return credential.ok ? await authorize(request, env, credential.value) : credential;
}

/** For emitting, by the `Authorization` header only. @returns the rights and the channel, if any type may be emitted */
export async function authorizePublisher(request: Request, env: Cloudflare.Env): Promise<Result<Authorized>> {
  const { keys, tokens } = settingsOf(env).auth;
  if (keys.length === 0 && tokens === null) {
    return err("emit_not_configured", "Emitting needs a key: set one with `npx wrangler secret put REACTOR_API_KEY`.");
  }
  const bearer = bearerOf(request);
  if (!bearer.ok) return bearer;
  if (bearer.value === null) return err("unauthorized", missingBearer(request));
  const authorized = await authorize(request, env, bearer.value);
  if (authorized.ok && !maySpeak(authorized.value.rights)) {
    return err("forbidden", 'This token may not emit: it has no claim "emit".');
  }
  return authorized;
}

/** For an operator's acts: by a key, in the `Authorization` header. @returns nothing, or why not */
export async function authorizeOperator(request: Request, env: Cloudflare.Env): Promise<Result<void>> {
  const { auth } = settingsOf(env);
  if (auth.keys.length === 0) {
    return err("emit_not_configured", "This needs a key: set one with `npx wrangler secret put REACTOR_API_KEY`.");
  }
  const bearer = bearerOf(request);
  if (!bearer.ok) return bearer;
  if (bearer.value === null) return err("unauthorized", missingBearer(request));
  if (isKey(bearer.value, auth.keys)) return ok(undefined);
  const token = await authenticate(bearer.value, auth, DEFAULT_CHANNEL, Date.now());
  return token.ok ? err("forbidden", "This needs a key: a token does not allow it.") : token;
}

/** The same for a route of one channel. @param parameters those that it has @returns the channel, or why not */
export async function authorizeOperatorIn(
  request: Request,
  env: Cloudflare.Env,
  parameters: readonly string[],
): Promise<Result<ChannelStub>> {
  const operator = await authorizeOperator(request, env);
  if (!operator.ok) return operator;
  const query = checkQuery(request.url, parameters);
  return query.ok ? channelStubOf(request, env) : query;
}

function missingBearer({ headers }: Request): string {
  const send = "Send the key, or a token, as `Authorization: Bearer …`";
  return headers.has("X-API-Key") ? `${send}: X-API-Key is not read.` : `${send}.`;
}

/**
 * For monitoring: allows anonymous clients in open channels. Where reading needs a credential, they get counts only.
 */
export async function authorizeMonitor(request: Request, env: Cloudflare.Env): Promise<Result<Authorized>> {
  const credential = credentialOf(request);
  if (!credential.ok) return credential;
  const { auth } = settingsOf(env);
  if (credential.value !== null || auth.tokens === null) return await authorize(request, env, credential.value);
  const channel = channelStubOf(request, env);
  if (!channel.ok) return channel;
  if (!isOpen(channel.value.name, auth)) return err("unauthorized", "This channel requires a token or a key.");
  return ok({ ...channel.value, rights: { ...LISTENING, hear: [] } });
}

async function authorize(
  request: Request,
  env: Cloudflare.Env,
  credential: string | null,
): Promise<Result<Authorized>> {
  const channel = channelStubOf(request, env);
  if (!channel.ok) return channel;
  const rights = await authenticate(credential, settingsOf(env).auth, channel.value.name, Date.now());
  return rights.ok ? ok({ ...channel.value, rights: rights.value }) : rights;
}
