// `npm run fuzz`: everything that an untrusted client can reach is sent malformed input, and must survive it.
import { parseArgs } from "node:util";
import { ChaosServer } from "../chaos/chaos-server.ts";
import { ControlSubscriber } from "./control-subscriber.ts";
import { hubTargets } from "./hub-targets.ts";
import { TARGETS, tryTarget } from "./run-targets.ts";

const USAGE = `Fuzzes every parser that reads untrusted input: by itself, behind the whole Worker, and in the built hub over TCP.

npm run fuzz -- [options]
  --inputs N   how many inputs in all                                     (100,000)
  --seed N     seed of the random inputs: the same seed, the same inputs  (today's date)
  --only NAME  only this target

Exit code 1: a property failed. The smallest input that still fails is shown.`;

function fail(message: string): never {
  console.error(message);
  process.exit(2);
}

function readOptions() {
  const text = { type: "string" } as const;
  try {
    const { values } = parseArgs({ options: { inputs: text, seed: text, only: text, help: { type: "boolean" } } });
    const [inputs, seed] = [
      Number(values.inputs ?? 100_000),
      Number(values.seed ?? Math.floor(Date.now() / 86_400_000)),
    ];
    if (!Number.isInteger(inputs) || inputs < 1)
      throw new Error(`--inputs must be a whole number, not "${values.inputs}"`);
    if (!Number.isInteger(seed)) throw new Error(`--seed must be a whole number, not "${values.seed}"`);
    return { ...values, inputs, seed };
  } catch (error) {
    return fail(`${(error as Error).message}\n\n${USAGE}`);
  }
}

const { inputs, seed, only, help } = readOptions();
if (help) {
  console.log(USAGE);
  process.exit();
}
const server = await ChaosServer.start();
let control: ControlSubscriber | undefined;
async function end(code: number): Promise<never> {
  control?.close();
  await server.stop();
  process.exit(code);
}
process.once("SIGINT", () => void end(130));

try {
  const subscriber = await ControlSubscriber.join(server);
  control = subscriber;
  const all = [...TARGETS, ...hubTargets(server, () => subscriber.check())];
  const targets = all.filter(({ name }) => only === undefined || name === only);
  const shares = targets.reduce((sum, { share }) => sum + share, 0);
  let tried = 0;
  let failures = 0;
  console.log(`Seed ${seed}`);
  for (const target of targets) {
    const outcome = await tryTarget(target, Math.ceil((inputs * target.share) / shares), seed);
    const count = outcome.inputs.toLocaleString("en").padStart(8);
    console.log(
      `${outcome.failure === null ? "✔" : "✘"} ${outcome.name.padEnd(20)} ${count} in ${(outcome.ms / 1000).toFixed(1)} s`,
    );
    tried += outcome.inputs;
    if (outcome.failure === null) continue;
    failures++;
    console.log(outcome.failure);
  }
  console.log(`\n${tried.toLocaleString("en")} inputs, ${failures} failures`);
  if (tried === 0) console.error(`There is no target "${only}". There are: ${all.map(({ name }) => name).join(", ")}.`);
  await end(tried > 0 && failures === 0 ? 0 : 1);
} catch (error) {
  console.error(error);
  await end(2);
}
