// `npm run -s key`: the key of the hub that `npm start` runs, for the header of a command.
import { readDevVars } from "./dev-vars.ts";
import { hubKey } from "./hub-key.ts";

const args = process.argv.slice(2);
console.log(hubKey(args, process.env, await readDevVars(args)).key);
