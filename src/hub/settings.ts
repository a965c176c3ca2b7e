// The settings of Worker and Hub: each variable with its default, its unit and its reason, read and checked once per isolate.
import { type AuthSettings, readAuthSettings } from "../auth/auth-settings.ts";
import { type Origins, parseOrigins } from "../auth/origins.ts";
import { parseWebhookOrigins } from "../auth/webhook-origins.ts";
import type { Retention } from "../core/log/retention.ts";
import type { Limits } from "../core/session/rate-limit.ts";
import { readNumber, readSwitch, textsOf } from "./parse-variable.ts";

export interface Settings {
  /** `false`: sockets are accepted and pings answered, and nothing is emitted, not even a heartbeat. */
  readonly enabled: boolean;
  /** Whether clients hear which sockets connect and disconnect. */
  readonly announces: boolean;
  /** 0: none. */
  readonly heartbeatMs: number;
  readonly retention: Retention;
  /** Keys and tokens, of requests and of those on an open socket. */
  readonly auth: AuthSettings;
  /** Origins whose pages may connect, read and emit. */
  readonly origins: Origins;
  /** Senders of CloudEvents that may deliver when they ask. */
  readonly webhookOrigins: ReadonlySet<string>;
  readonly limits: Limits;
  /** Raised by an operator before a point-in-time restore, so that lost seqs are not used again. */
  readonly generation: string;
}

const MIB = 1024 * 1024;

/** What a Durable Object may store: 10 GB. */
const MAX_BYTES = 10_000_000_000;

/** Roughly how many of the smallest events that holds. */
const MAX_EVENTS = 100_000_000;

/** Below the platform's own 32,768, at which it throws. */
const MAX_SOCKETS = 32_000;

/** A hundred years: alarms are not set for beyond 2189. */
const RETENTION_HOURS = { fallback: 72, min: 0, max: 100 * 365 * 24, fractions: true };

/**
 * As the legacy server; each one wakes the hub while a client is connected, and 0 lets it sleep. Each is an alarm, which is
 * billed as a row and a request: less than a second is nothing but cost. A day is the longest that sweeps may be apart.
 */
const HEARTBEAT_SECONDS = { fallback: 30, min: 1, max: 86_400, fractions: true, orZero: true };

/** Every variable. */
const NAMES = [
  "REACTOR_API_KEY",
  "REACTOR_API_KEY_PREVIOUS",
  "REACTOR_JWT_SECRET",
  "REACTOR_JWKS_URL",
  "REACTOR_JWT_AUDIENCE",
  "REACTOR_JWT_ISSUER",
  "CHANNELS",
  "REACTOR_ENABLED",
  "ALLOWED_ORIGINS",
  "ALLOW_NULL_ORIGIN",
  "WEBHOOK_ORIGINS",
  "ANNOUNCE_CONNECTIONS",
  "HEARTBEAT_SECONDS",
  "MESSAGES_PER_SECOND",
  "SOCKETS_PER_CHANNEL",
  "SOCKETS_PER_ADDRESS",
  "RETENTION_EVENTS",
  "RETENTION_HOURS",
  "RETENTION_BYTES",
  "LOG_GENERATION",
] as const;

const known = new WeakMap<Cloudflare.Env, Settings>();

/** @throws an Error that names the variable and its valid values */
export function settingsOf(env: Cloudflare.Env): Settings {
  const settings = known.get(env) ?? readSettings(env);
  known.set(env, settings);
  return settings;
}

function readSettings(vars: Cloudflare.Env): Settings {
  const env = textsOf(vars, NAMES);
  return {
    enabled: readSwitch("REACTOR_ENABLED", env.REACTOR_ENABLED, true),
    // Off: with 1,000 pages open, each connect and disconnect would be an event for 1,000.
    announces: readSwitch("ANNOUNCE_CONNECTIONS", env.ANNOUNCE_CONNECTIONS, false),
    heartbeatMs: 1000 * readNumber("HEARTBEAT_SECONDS", env.HEARTBEAT_SECONDS, HEARTBEAT_SECONDS),
    retention: {
      // A day of one event per second; read in about 0.3 s.
      maxEvents: readNumber("RETENTION_EVENTS", env.RETENTION_EVENTS, { fallback: 100_000, min: 1, max: MAX_EVENTS }),
      // A page that was closed on Friday resumes on Monday.
      maxAgeMs: 3_600_000 * readNumber("RETENTION_HOURS", env.RETENTION_HOURS, RETENTION_HOURS),
      // A fortieth of what a Durable Object may store, and 5 cents a month.
      maxBytes: readNumber("RETENTION_BYTES", env.RETENTION_BYTES, { fallback: 256 * MIB, min: 1, max: MAX_BYTES }),
    },
    auth: readAuthSettings(env),
    // Off: `npm start` switches it on, so that a page can be opened from a file.
    origins: parseOrigins(env.ALLOWED_ORIGINS, readSwitch("ALLOW_NULL_ORIGIN", env.ALLOW_NULL_ORIGIN, false)),
    // None: who has not named a sender expects no deliveries.
    webhookOrigins: parseWebhookOrigins(env.WEBHOOK_ORIGINS),
    limits: {
      // A chat is typed at one per second; acks of pages do not count.
      messagesPerSecond: readNumber("MESSAGES_PER_SECOND", env.MESSAGES_PER_SECOND, {
        fallback: 20,
        min: 1,
        max: 100_000,
      }),
      socketsPerChannel: readNumber("SOCKETS_PER_CHANNEL", env.SOCKETS_PER_CHANNEL, {
        fallback: 30_000,
        min: 1,
        max: MAX_SOCKETS,
      }),
      // Off: thousands sit behind one address of a company or a mobile network.
      socketsPerAddress: readNumber("SOCKETS_PER_ADDRESS", env.SOCKETS_PER_ADDRESS, {
        fallback: Number.POSITIVE_INFINITY,
        min: 1,
        max: MAX_SOCKETS,
      }),
    },
    generation: env.LOG_GENERATION ?? "0",
  };
}
