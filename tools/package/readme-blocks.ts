// The code blocks of README.md, in order.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../program.ts";

export interface CodeBlock {
  readonly language: string;
  readonly code: string;
}

export function readmeBlocks(): CodeBlock[] {
  const text = readFileSync(join(ROOT, "README.md"), "utf8");
  return [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language = "", code = ""]) => ({ language, code }));
}

/** The only block that contains `text`. */
export function readmeBlock(text: string): CodeBlock {
  const [block, ...others] = readmeBlocks().filter(({ code }) => code.includes(text));
  if (!block || others.length > 0) throw new Error(`README.md must have one code block with ${text}.`);
  return block;
}
