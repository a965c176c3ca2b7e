// Allowed origins (ALLOWED_ORIGINS). Browsers send a true `Origin`; other clients may send any, and are not what this is for.
import { parseList } from "../wire/list.ts";

/** The hub's own origin is always allowed. */
export interface Origins {
  /** Each as a browser writes it: `https://app.example.org`. */
  readonly listed: ReadonlySet<string>;
  /** All below a host: of `https://*.example.org`, `https://` and `.example.org`. */
  readonly below: readonly { readonly start: string; readonly end: string }[];
  /** `http://` at this machine, with any port. */
  readonly loopback: boolean;
}

/** The default without a list: origins that exist only on a developer's machine. */
const DEFAULT: Origins = { listed: new Set(), below: [], loopback: true };

/**
 * @param list comma-separated origins; absent or empty: the default
 * @throws an Error that names the variable and its valid values
 */
export function parseOrigins(list: string | undefined): Origins {
  const origins = parseList(list);
  if (origins.length === 0) return DEFAULT;
  const listed = new Set<string>();
  const below: { start: string; end: string }[] = [];
  for (const origin of origins) {
    const [start = "", end, ...more] = origin.split("*");
    if (end === undefined && isOrigin(origin)) listed.add(origin);
    else if (end !== undefined && more.length === 0 && isHost(start, end)) below.push({ start, end });
    else {
      throw new Error(
        `ALLOWED_ORIGINS must be origins such as https://app.example.org or https://*.example.org, comma-separated, not "${origin}".`,
      );
    }
  }
  return { listed, below, loopback: false };
}

/**
 * @param origin of the request; `null`: not a browser, which is allowed
 * @param own the origin of the request's URL
 */
export function allowsOrigin(origins: Origins, origin: string | null, own: string): boolean {
  if (origin === null || origin === own || origins.listed.has(origin)) return true;
  if (origins.below.some(({ start, end }) => isBelow(origin, start, end))) return true;
  return origins.loopback && /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(origin);
}

/** Whether `*` stands for one label or several in it, and for nothing else. */
function isBelow(origin: string, start: string, end: string): boolean {
  if (!origin.startsWith(start) || !origin.endsWith(end)) return false;
  return /^[a-z0-9-]+(\.[a-z0-9-]+)*$/.test(origin.slice(start.length, -end.length));
}

/** Whether `*` is the first label, before a host of at least two labels: `*.org` would allow foreign hosts. */
function isHost(start: string, end: string): boolean {
  return /^https?:\/\/$/.test(start) && /^\.[^.:]+\.[^:]/.test(end) && isOrigin(`${start}x${end}`);
}

/** Exactly as browsers write it: no path, no default port, no capitals. Else it would be allowed and never match. */
function isOrigin(text: string): boolean {
  if (!/^https?:\/\/([a-z0-9-]+(\.[a-z0-9-]+)*|\[[0-9a-f:]+\])(:\d+)?$/.test(text)) return false;
  return URL.canParse(text) && new URL(text).origin === text;
}
