// Faults around a change of what a socket may receive, or asks for: when a token expires, at an auth, at a subscribe.
import type { Fault } from "../faulty-hub.ts";
import { HOUR_S, now, reads } from "./altered-credentials.ts";
import { beginningLater, changed, closingWith, firstAfter, onSocket, twice, withoutFirst } from "./altered-messages.ts";
import type { SeededFault } from "./seeded-fault.ts";

export const FAULTS_AROUND_CHANGES: readonly SeededFault[] = [
  {
    rule: "T15",
    hub: "never warns before a token expires",
    reason: /a token_expiring before the expiry/,
    fault: onSocket(() => ({ down: (text) => (text.includes("token_expiring") ? [] : [text]) })),
  },
  {
    rule: "T15",
    hub: "does not close a socket of reactor.v1 whose token expires",
    reason: /a socket of reactor\.v1: expected nothing after/,
    fault: reads((_, { dialect }) => (dialect === "v1" ? { exp: now() + HOUR_S } : undefined)),
  },
  {
    rule: "T15",
    hub: "does not close a legacy socket whose token expires",
    reason: /a socket without a subprotocol: expected nothing after/,
    fault: reads((_, { dialect }) => (dialect === "legacy" ? { exp: now() + HOUR_S } : undefined)),
  },
  {
    rule: "T15",
    hub: "closes with another code when a token expires",
    reason: /the close code at the token's expiry|a close as announced/,
    fault: closingWith(4401, 1000),
  },
  {
    rule: "T15",
    hub: "closes a socket although it presented a fresh token",
    reason: /presented a fresh token/,
    fault: onSocket(() => ({ up: (text) => (text.startsWith('{"type":"auth"') ? [] : [text]) })),
  },
  {
    rule: "T15",
    hub: "forgets the expiry of a socket that connects together with another",
    reason: /connected together with another: expected nothing after/,
    fault: forgettingPairs(),
  },
  {
    rule: "T16",
    hub: "begins the frame after an auth beyond the subscriber's position",
    reason: /an auth with the same rights: .* got a gap/,
    fault: firstAfter("auth", beginningLater),
  },
  {
    rule: "T16",
    hub: "loses an event after an auth",
    reason: /the seqs that are received/,
    fault: firstAfter("auth", withoutFirst),
  },
  { rule: "T16", hub: "doubles events after an auth", reason: /each event once/, fault: firstAfter("auth", twice) },
  {
    rule: "T16",
    hub: "does not change rights by an auth",
    reason: /an auth with fewer rights: .* seqs/,
    fault: onSocket(() => ({ up: (text) => (text.startsWith('{"type":"auth"') ? [] : [text]) })),
  },
  {
    rule: "T16",
    hub: "ignores an auth while a subscriber is catching up",
    reason: /while catching up: .* without the right/,
    fault: onSocket(() => {
      let isBehind = false;
      return {
        down(text) {
          isBehind ||= text.endsWith('"more":true}');
          return [text];
        },
        up: (text) => (isBehind && text.startsWith('{"type":"auth"') ? [] : [text]),
      };
    }),
  },
  {
    rule: "T16",
    hub: "handles an emit after an auth before it",
    reason: /right after an auth/,
    fault: onSocket(() => {
      let waiting: string[] = [];
      return {
        up(text) {
          const isAuth = text.startsWith('{"type":"auth"');
          const ordered = text.startsWith('{"type":"emit"') ? [text, ...waiting] : [...waiting, text];
          waiting = isAuth ? [...waiting, text] : [];
          return isAuth ? [] : ordered;
        },
      };
    }),
  },
  {
    rule: "T16",
    hub: "accepts a token of another user",
    reason: /of another user/,
    fault: reads(({ sub }, { place }) => (place === "auth" && sub === "other" ? { sub: "conf" } : undefined)),
  },
  {
    rule: "T16",
    hub: "accepts an expired token by auth",
    reason: /that has expired/,
    fault: reads(({ exp }, { place }) =>
      place === "auth" && Number(exp) < now() ? { exp: now() + HOUR_S } : undefined,
    ),
  },
  {
    rule: "T16",
    hub: "accepts a forged token by auth",
    reason: /that is forged/,
    fault: reads(
      (_, { place }) => (place === "auth" ? {} : undefined),
      () => true,
    ),
  },
  {
    rule: "T16",
    hub: "accepts a token for another channel by auth",
    reason: /for another channel/,
    fault: reads((_, { place }) => (place === "auth" ? { channels: ["*"] } : undefined)),
  },
  {
    rule: "T16",
    hub: "closes a forbidden auth with 4401",
    reason: /for another channel/,
    fault: closingWith(4503, 4401),
  },
  {
    rule: "F6",
    hub: "begins the frame after a subscribe later",
    reason: /got a gap/,
    fault: firstAfter("subscribe", beginningLater),
  },
  {
    rule: "F6",
    hub: "loses an event after a subscribe",
    reason: /the seqs that/,
    fault: firstAfter("subscribe", withoutFirst),
  },
  {
    rule: "F6",
    hub: "doubles events after a subscribe",
    reason: /each event once/,
    fault: firstAfter("subscribe", twice),
  },
  {
    rule: "F6",
    hub: "answers a subscribe without the new position",
    reason: /got a gap|a cursor in the epoch/,
    fault: onSocket(() => ({
      down: changed((frame) => {
        if (frame.type !== "reactor_subscribed") return [frame];
        const cursor = frame.data.cursor.replace(/\.\d+$/, ".0");
        return [{ ...frame, data: { ...frame.data, cursor } }];
      }),
    })),
  },
  {
    rule: "F6",
    hub: "ignores a subscribe",
    reason: /from a,b to a: .* seqs/,
    fault: onSocket(() => ({ up: (text) => (text.startsWith('{"type":"subscribe"') ? [] : [text]) })),
  },
];

/** The expiry of a token is ignored in every channel except the first. */
function forgettingPairs(): Fault {
  let first: string | null = null;
  return reads((_, { query }) => {
    first ??= query.get("channel");
    return query.get("channel") === first ? undefined : { exp: now() + HOUR_S };
  });
}
