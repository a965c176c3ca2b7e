// The script of a page in `pages/`, as a development build has it.
import { join } from "node:path";
import { build } from "esbuild";

export async function pageScript(file: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, "pages", file)],
    bundle: true,
    format: "iife",
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"development"' }, // StrictMode does nothing in production
    write: false,
  });
  return String(outputFiles[0]?.text);
}
