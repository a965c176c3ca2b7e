import { decodeJwt } from "jose";
import { expect, it } from "vitest";
import { mintToken } from "../../../tools/token/mint-token.ts";

const REACTOR_JWT_SECRET = "a secret of this hub's, for tests";

it("mints the given claims, and leaves out the others", async () => {
  const wish = { sub: "ada", expires: "1h", channels: "main, room-*", emit: "chat_*" };
  const vars = { REACTOR_JWT_SECRET, REACTOR_JWT_AUDIENCE: "reactor", REACTOR_JWT_ISSUER: "dev" };
  const { iat = 0, ...claims } = decodeJwt(await mintToken(wish, vars));
  expect(claims).toEqual({
    sub: "ada",
    aud: "reactor",
    iss: "dev",
    exp: iat + 3_600,
    channels: ["main", "room-*"],
    emit: ["chat_*"],
  });
  const plain = decodeJwt(await mintToken({ sub: undefined, expires: "90s" }, { REACTOR_JWT_SECRET }));
  expect(Object.keys(plain).sort()).toEqual(["exp", "iat"]);
});

it.each([
  [{}, {}, "REACTOR_JWT_SECRET is not set"],
  [{}, { REACTOR_JWT_SECRET: "short" }, "must have 32 bytes or more, and has 5"],
  [{ expires: "soon" }, { REACTOR_JWT_SECRET }, '--expires must be a time such as 90s, 30m, 1h or 7d, not "soon"'],
  [{ events: "a\tb" }, { REACTOR_JWT_SECRET }, 'claim "events" must be an array'],
  [{ sub: undefined, emit: "a" }, { REACTOR_JWT_SECRET }, 'claim "sub"'],
  [{ expires: "-1h" }, { REACTOR_JWT_SECRET }, "has expired"],
])("reports what is wrong with %j", async (wish, vars, says) => {
  await expect(mintToken({ sub: "ada", expires: "1h", ...wish }, vars)).rejects.toThrow(says);
});
