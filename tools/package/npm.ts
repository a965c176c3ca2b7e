// Runs npm in a folder, without its questions and reports.
import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Of the npm that runs us: they name this project's folder and script, which are not those of the npm to run. */
const isOfScript = (name: string) => /^(npm_(package|lifecycle)_|npm_config_(local_)?prefix$|INIT_CWD$)/i.test(name);

/** @throws an Error with what npm has printed, if it fails */
export async function npm(folder: string, args: readonly string[]): Promise<void> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !isOfScript(name)));
  const quiet = ["--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"];
  const options = { cwd: folder, env, shell: process.platform === "win32" };
  await promisify(execFile)("npm", [...args, ...quiet], options).catch(({ stdout, stderr }) => {
    throw new Error(`npm ${args[0]} failed:\n${stdout}${stderr}`);
  });
}
