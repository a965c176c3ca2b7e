import { expect, it } from "vitest";
import { allowsOrigin, parseOrigins } from "../../../src/auth/origins.ts";

const OWN = "https://hub.example.org";

it.each([
  null,
  OWN,
  "http://localhost",
  "http://localhost:5173",
  "https://localhost",
  "https://localhost:5173",
  "http://127.0.0.1:8080",
  "https://127.0.0.1",
  "http://[::1]:3000",
  "https://[::1]:3000",
])("[H9] allows %j if nothing is configured", (origin) => {
  expect(allowsOrigin(parseOrigins(undefined), origin, OWN)).toBe(true);
});

it.each(["", ",", " , "])("[H9] refuses to run with a list of no origins, %j", (list) => {
  expect(() => parseOrigins(list)).toThrow("ALLOWED_ORIGINS must be origins");
});

it.each([
  "null",
  "",
  "https://example.org",
  "http://hub.example.org",
  "https://hub.example.org:8443",
  "https://hub.example.org.evil.example",
  "ftp://localhost",
  "capacitor://localhost",
  "https://localhost.evil.example",
  "http://localhost.evil.example",
  "http://localhost:5173.evil.example",
  "http://notlocalhost",
  "http://localhost/",
  "http://localhost:",
  "http://localhost@evil.example",
  "http://127.0.0.2",
  "file://",
])("[H9] treats %j as foreign if nothing is configured", (origin) => {
  expect(allowsOrigin(parseOrigins(undefined), origin, OWN)).toBe(false);
});

it("[H9] allows the listed origins and its own, and no localhost", () => {
  const origins = parseOrigins("https://app.example.org, http://localhost:5173 ,https://xn--bcher-kva.example,");
  for (const origin of [
    null,
    OWN,
    "https://app.example.org",
    "http://localhost:5173",
    "https://xn--bcher-kva.example",
  ]) {
    expect([origin, allowsOrigin(origins, origin, OWN)]).toEqual([origin, true]);
  }
  for (const origin of [
    "http://app.example.org",
    "https://app.example.org:444",
    "http://localhost",
    "null",
    "https://a",
  ]) {
    expect([origin, allowsOrigin(origins, origin, OWN)]).toEqual([origin, false]);
  }
});

it.each([
  "*",
  "https://*",
  "https://*.org",
  "https://*.",
  "https://*.localhost",
  "https://*example.org",
  "https://app*.example.org",
  "https://*.*.example.org",
  "https://app.*.example.org",
  "https://app.example.*",
  "*://app.example.org",
  "*.example.org",
  "http*://app.example.org",
  "https://*.example.org/",
  "https://*.example.org:443",
  "https://*.example.org:*",
  "https://*.Example.org",
  "https://*.1.2.3",
  "null",
  "app.example.org",
  "//app.example.org",
  "https://app.example.org/",
  "https://app.example.org/path",
  "https://app.example.org?",
  "https://App.example.org",
  "HTTPS://app.example.org",
  "https://app.example.org:443",
  "http://app.example.org:80",
  "https://app.example.org:99999",
  "https://user@app.example.org",
  "https://bücher.example",
  "https://a b",
  "https://",
  "https://1.2.3",
  "https://.example.org",
  "ftp://app.example.org",
  "ws://app.example.org",
  "wss://app.example.org",
  "file://app.example.org",
  "file://",
  "capacitor://",
  "capacitor://localhost/",
  "capacitor://localhost/index.html",
  "capacitor://localhost:99999",
  "capacitor://*.localhost",
  "capacitor:localhost",
  "Capacitor://localhost",
  "1app://localhost",
  "chrome-extension://*",
  "tauri://user@localhost",
  "https://a.example;https://b.example",
])("[H9] refuses to run with %j in ALLOWED_ORIGINS, which no browser sends", (item) => {
  expect(() => parseOrigins(`https://ok.example,${item}`)).toThrow(
    `ALLOWED_ORIGINS must be origins such as https://app.example.org, https://*.example.org or capacitor://localhost, comma-separated, not "${item}".`,
  );
});

it.each([
  "capacitor://localhost",
  "tauri://localhost",
  "ionic://localhost:8100",
  "app://-",
  "chrome-extension://nkbihfbeogaeaoehlefnkodbefgpgknn",
  "moz-extension://8e2f4f3a-7b0c-4f3e-9f0e-2d1c9b7a6e5f",
  "safari-web-extension://8E2F4F3A-7B0C-4F3E-9F0E-2D1C9B7A6E5F",
  "https://my_app.example.org",
  "http://[2001:db8::1]:8080",
])("[H9] allows %j, and no other origin, if it is listed", (origin) => {
  const origins = parseOrigins(` ${origin},https://app.example.org`);
  expect(allowsOrigin(origins, origin, OWN)).toBe(true);
  for (const other of [`${origin}/`, `${origin}.evil`, `x${origin}`, "null", "capacitor://evil", "http://localhost"]) {
    expect([other, allowsOrigin(origins, other, OWN)]).toEqual([other, false]);
  }
});

it("[H9] allows the origin null, of pages from files, only by its variable and at a hub on this machine", () => {
  for (const list of [undefined, "https://app.example.org"]) {
    for (const own of ["http://localhost:8787", "http://127.0.0.1:9000", "http://[::1]:8787", "https://localhost"]) {
      expect([own, allowsOrigin(parseOrigins(list, true), "null", own)]).toEqual([own, true]);
      expect([own, allowsOrigin(parseOrigins(list), "null", own)]).toEqual([own, false]);
    }
    for (const own of [OWN, "http://192.168.0.2:8787", "https://localhost.example.org"]) {
      expect([own, allowsOrigin(parseOrigins(list, true), "null", own)]).toEqual([own, false]);
    }
  }
  expect(allowsOrigin(parseOrigins(undefined, true), "https://evil.example", "http://localhost:8787")).toBe(false);
});

it.each([
  "https://a.example.org",
  "https://a.b.example.org",
  "https://xn--bcher-kva.example.org",
  "https://1.example.org",
])("[H9] allows %j if https://*.example.org is listed", (origin) => {
  expect(allowsOrigin(parseOrigins("https://*.example.org"), origin, OWN)).toBe(true);
});

it.each([
  "https://example.org",
  "https://.example.org",
  "https://evilexample.org",
  "https://a.evilexample.org",
  "https://a.example.org.evil.test",
  "https://a.example.org:8443",
  "http://a.example.org",
  "https://a.example.org/",
  "https://evil.test/.example.org",
  "https://evil.test#.example.org",
  "https://evil.test?.example.org",
  "https://evil.test:1@a.example.org",
  "https://evil.test\\.example.org",
  "https://a b.example.org",
  "https://a..example.org",
  "https://*.example.org",
  "https://A.example.org",
  "https://bücher.example.org",
  "null",
])("[H9] treats %j as foreign if https://*.example.org is listed", (origin) => {
  expect(allowsOrigin(parseOrigins("https://*.example.org"), origin, "https://hub.test")).toBe(false);
});

it("[H9] restricts a wildcard to its port, and allows it beside other origins", () => {
  const origins = parseOrigins("http://*.dev.example.org:5173,https://app.example.com");
  expect(allowsOrigin(origins, "http://a.dev.example.org:5173", OWN)).toBe(true);
  expect(allowsOrigin(origins, "https://app.example.com", OWN)).toBe(true);
  for (const origin of ["http://a.dev.example.org", "http://a.dev.example.org:15173", "https://x.app.example.com"]) {
    expect([origin, allowsOrigin(origins, origin, OWN)]).toEqual([origin, false]);
  }
});
