// `npm run token`: a token for development, for the hub that `npm start` runs. Only the token goes to standard output.
import { parseArgs } from "node:util";
import { readDevVars } from "../dev/dev-vars.ts";
import { mintToken } from "./mint-token.ts";

const USAGE = `Mints a token, signed with REACTOR_JWT_SECRET from the environment, .dev.vars or .env.

npm run -s token -- [options]
  --sub NAME         the user; required to emit: the source of their events is user:NAME
  --events LIST      types that they may receive, such as 'news_*,digest_created'  (everything)
  --emit LIST        types that they may emit, such as 'chat_*'                    (nothing)
  --channels LIST    channels that they may use, such as 'main,room-*'             (those open to anonymous clients)
  --expires TIME     how long it is valid: 90s, 30m, 1h, 7d                        (1h)

Present it as  curl -H "Authorization: Bearer $(npm run -s token)" …
or in a page as  new WebSocket(url, ["reactor.v1", "reactor.token." + token])`;

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

function readOptions() {
  const text = { type: "string" } as const;
  try {
    return parseArgs({
      options: {
        sub: text,
        events: text,
        emit: text,
        channels: text,
        expires: { type: "string", default: "1h" },
        help: { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    return fail(`${(error as Error).message}\n\n${USAGE}`);
  }
}

const { help, sub, events, emit, channels, expires } = readOptions();
if (help) {
  console.log(USAGE);
  process.exit();
}
try {
  const { values } = await readDevVars();
  console.log(await mintToken({ sub, events, emit, channels, expires }, { ...values, ...process.env }));
} catch (error) {
  fail((error as Error).message);
}
