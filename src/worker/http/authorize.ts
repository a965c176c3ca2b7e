// Who asks, and what they may: the first thing that a door settles, before it looks at anything else they sent.
import { authenticate, isOpen } from "../../auth/authenticate.ts";
import { LISTENING, maySpeak, type Rights } from "../../core/access/rights.ts";
import { done, type Result, refuse } from "../../wire/problem.ts";
import { type Channel, channelOf } from "../channel-stub.ts";
import { configOf } from "../config.ts";
import { bearerOf, shownBy } from "./credentials.ts";

/** Somebody in a channel. */
export interface Admitted extends Channel {
  readonly rights: Rights;
}

/** Who reads. @returns them, or `bad_channel`, `unauthorized`, `forbidden` or `keys_unavailable` */
export async function admitReader(request: Request, env: Cloudflare.Env): Promise<Result<Admitted>> {
  const credential = shownBy(request);
  return credential.ok ? await admit(request, env, credential.value) : credential;
}

/** Who emits, by the `Authorization` header alone. @returns them, if there is anything at all that they may emit */
export async function admitPublisher(request: Request, env: Cloudflare.Env): Promise<Result<Admitted>> {
  const { keys, tokens } = configOf(env).auth;
  if (keys.length === 0 && tokens === null) {
    return refuse(
      "emit_not_configured",
      "Emitting needs a key: set one with `npx wrangler secret put REACTOR_API_KEY`.",
    );
  }
  const bearer = bearerOf(request);
  if (bearer === null) return refuse("unauthorized", "Send the key, or a token, as `Authorization: Bearer …`.");
  const admitted = await admit(request, env, bearer);
  if (admitted.ok && !maySpeak(admitted.value.rights)) {
    return refuse("forbidden", 'This token may not emit: it has no claim "emit".');
  }
  return admitted;
}

/**
 * Who counts, as monitors do: without a credential too, in the channels that strangers may open. Where reading needs a
 * credential, a stranger hears nothing, and is told numbers only.
 */
export async function admitCounter(request: Request, env: Cloudflare.Env): Promise<Result<Admitted>> {
  const credential = shownBy(request);
  if (!credential.ok) return credential;
  const { auth } = configOf(env);
  if (credential.value !== null || auth.tokens === null) return await admit(request, env, credential.value);
  const channel = channelOf(request, env);
  if (!channel.ok) return channel;
  if (!isOpen(channel.value.name, auth))
    return refuse("unauthorized", "This channel is opened with a token, or a key.");
  return done({ ...channel.value, rights: { ...LISTENING, hear: [] } });
}

async function admit(request: Request, env: Cloudflare.Env, credential: string | null): Promise<Result<Admitted>> {
  const channel = channelOf(request, env);
  if (!channel.ok) return channel;
  const rights = await authenticate(credential, configOf(env).auth, channel.value.name, Date.now());
  return rights.ok ? done({ ...channel.value, rights: rights.value }) : rights;
}
