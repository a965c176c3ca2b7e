// Allowed origins (ALLOWED_ORIGINS, ALLOW_NULL_ORIGIN). Browsers send a true `Origin`; other clients may send any, and are not what this is for.
import { parseList } from "../wire/list.ts";

/** The hub's own origin is always allowed. */
export interface Origins {
  /** Each as a browser writes it: `https://app.example.org`. */
  readonly listed: ReadonlySet<string>;
  /** All below a host: of `https://*.example.org`, `https://` and `.example.org`. */
  readonly below: readonly { readonly start: string; readonly end: string }[];
  /** Http and https at this machine, with any port: origins that exist only for who sits at it. */
  readonly loopback: boolean;
  /** `null`, which browsers send from a file: at a hub on this machine only, for a sandboxed frame of any site sends it too. */
  readonly opaque: boolean;
}

/** Schemes of URLs from which no browser sends an origin: a page of theirs has another, or `null`. */
const NEVER_SENT = new Set(["file:", "ftp:", "ws:", "wss:"]);

/**
 * @param list comma-separated origins; absent: loopback
 * @param opaque whether `null` is allowed, too
 * @throws an Error that names the variable, the entry and the valid values
 */
export function parseOrigins(list: string | undefined, opaque = false): Origins {
  const origins = parseList(list);
  if (list !== undefined && origins.length === 0)
    throw new Error("ALLOWED_ORIGINS must be origins, comma-separated, not none.");
  const listed = new Set<string>();
  const below: { start: string; end: string }[] = [];
  for (const origin of origins) {
    const [start = "", end, ...more] = origin.split("*");
    if (end === undefined && isOrigin(origin)) listed.add(origin);
    else if (end !== undefined && more.length === 0 && isHost(start, end)) below.push({ start, end });
    else {
      throw new Error(
        `ALLOWED_ORIGINS must be origins such as https://app.example.org, https://*.example.org or capacitor://localhost, comma-separated, not "${origin}".`,
      );
    }
  }
  return { listed, below, loopback: origins.length === 0, opaque };
}

/**
 * @param origin of the request; `null`: not a browser, which is allowed
 * @param own the origin of the request's URL
 */
export function allowsOrigin(origins: Origins, origin: string | null, own: string): boolean {
  if (origin === null || origin === own || origins.listed.has(origin)) return true;
  if (origins.below.some(({ start, end }) => isBelow(origin, start, end))) return true;
  return (origins.loopback && isLoopback(origin)) || (origins.opaque && origin === "null" && isLoopback(own));
}

function isLoopback(origin: string): boolean {
  return /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(origin);
}

/** Whether `*` stands for one label or several in it, and for nothing else. */
function isBelow(origin: string, start: string, end: string): boolean {
  if (!origin.startsWith(start) || !origin.endsWith(end)) return false;
  return /^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/.test(origin.slice(start.length, -end.length));
}

/** Whether `*` is the first label, before a host of at least two labels: `*.org` would allow foreign hosts. */
function isHost(start: string, end: string): boolean {
  return /^https?:\/\/$/.test(start) && /^\.[^.:]+\.[^:]/.test(end) && isOrigin(`${start}x${end}`);
}

/**
 * Exactly as browsers write it: no path, and for http and https no default port and no capitals. Else it would be allowed
 * and never match. The host of another scheme is kept as it is: Safari's extensions have capitals.
 */
function isOrigin(text: string): boolean {
  if (!/^[a-z][a-z0-9+.-]*:\/\/([\w-]+(\.[\w-]+)*|\[[0-9a-f:]+\])(:\d+)?$/.test(text) || !URL.canParse(text))
    return false;
  const { protocol, host } = new URL(text);
  return `${protocol}//${host}` === text && !NEVER_SENT.has(protocol);
}
