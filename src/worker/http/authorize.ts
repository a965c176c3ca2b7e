// Who asks, and what they may: the first thing that a door settles, before it looks at anything else they sent.
import { authenticate, isOpen } from "../../auth/authenticate.ts";
import { LISTENING, maySpeak, type Rights } from "../../core/access/rights.ts";
import { err, ok, type Result } from "../../wire/problem.ts";
import { type ChannelStub, channelStubOf } from "../channel-stub.ts";
import { configOf } from "../config.ts";
import { bearerOf, credentialOf } from "./credentials.ts";

/** Somebody in a channel. */
export interface Authorized extends ChannelStub {
  readonly rights: Rights;
}

/** Who reads. @returns them, or `bad_channel`, `unauthorized`, `forbidden` or `keys_unavailable` */
export async function authorizeReader(request: Request, env: Cloudflare.Env): Promise<Result<Authorized>> {
  const credential = credentialOf(request);
  return credential.ok ? await authorize(request, env, credential.value) : credential;
}

/** Who emits, by the `Authorization` header alone. @returns them, if there is anything at all that they may emit */
export async function authorizePublisher(request: Request, env: Cloudflare.Env): Promise<Result<Authorized>> {
  const { keys, tokens } = configOf(env).auth;
  if (keys.length === 0 && tokens === null) {
    return err("emit_not_configured", "Emitting needs a key: set one with `npx wrangler secret put REACTOR_API_KEY`.");
  }
  const bearer = bearerOf(request);
  if (bearer === null) return err("unauthorized", "Send the key, or a token, as `Authorization: Bearer …`.");
  const authorized = await authorize(request, env, bearer);
  if (authorized.ok && !maySpeak(authorized.value.rights)) {
    return err("forbidden", 'This token may not emit: it has no claim "emit".');
  }
  return authorized;
}

/**
 * Who counts, as monitors do: without a credential too, in the channels that strangers may open. Where reading needs a
 * credential, a stranger hears nothing, and is told numbers only.
 */
export async function authorizeMonitor(request: Request, env: Cloudflare.Env): Promise<Result<Authorized>> {
  const credential = credentialOf(request);
  if (!credential.ok) return credential;
  const { auth } = configOf(env);
  if (credential.value !== null || auth.tokens === null) return await authorize(request, env, credential.value);
  const channel = channelStubOf(request, env);
  if (!channel.ok) return channel;
  if (!isOpen(channel.value.name, auth)) return err("unauthorized", "This channel is opened with a token, or a key.");
  return ok({ ...channel.value, rights: { ...LISTENING, hear: [] } });
}

async function authorize(
  request: Request,
  env: Cloudflare.Env,
  credential: string | null,
): Promise<Result<Authorized>> {
  const channel = channelStubOf(request, env);
  if (!channel.ok) return channel;
  const rights = await authenticate(credential, configOf(env).auth, channel.value.name, Date.now());
  return rights.ok ? ok({ ...channel.value, rights: rights.value }) : rights;
}
