// What the package exports, with the docstrings that its users see.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

export interface Documented {
  /** Such as `Reactor`, or `Reactor.emit` for a member. */
  readonly name: string;
  /** Without its comment marks; empty: there is none. */
  readonly docs: string;
}

export interface PublicExport extends Documented {
  /** The declared members of an interface, or of a class except private ones. */
  readonly members: readonly Documented[];
}

/** @param source the file of an entry, which MUST declare what it exports or name it in `export { … } from` */
export function publicExports(source: string): PublicExport[] {
  const text = readFileSync(source, "utf8");
  if (/^export (\*|default)|^export (type )?\{[^}]*\};/m.test(text))
    throw new Error(`${source} must name its exports.`);
  const listed = [...text.matchAll(/^export (?:type )?\{([^}]*)\} from "(.*)";$/gm)].flatMap(
    ([, names = "", from = ""]) => {
      const file = readFileSync(join(dirname(source), from), "utf8");
      const each = names.split(",").flatMap((name) => name.trim().replace(/^type /, "") || []);
      return each.map((name) => declaredIn(file, name));
    },
  );
  const declared = [...text.matchAll(/^export (?:async |abstract |declare )*(?:\w+) (\w+)/gm)];
  return [...listed, ...declared.map(([, name = ""]) => declaredIn(text, name))];
}

/** The export `name` that `text` declares. */
export function declaredIn(text: string, name: string): PublicExport {
  const declaration = new RegExp(`^export (?:async |abstract |declare )*(\\w+)\\*? ${name}\\b`, "m").exec(text);
  if (!declaration) throw new Error(`No file declares ${name}.`);
  const body = /^(?:interface|class)$/.test(String(declaration[1])) ? blockAt(text, declaration.index) : "";
  const members = [...body.matchAll(/^ {2}(?:(?:readonly|async|get|static|declare) )*([A-Za-z]\w*)\??[(:<]/gm)];
  return {
    name,
    docs: docsBefore(text, declaration.index),
    members: members.map((member) => ({ name: `${name}.${member[1]}`, docs: docsBefore(body, member.index) })),
  };
}

/** From `start` to the first line that closes a block which began in the first column. */
function blockAt(text: string, start: number): string {
  return text.slice(start, text.indexOf("\n}\n", start));
}

/** The docstring that ends in the line before `index`. */
function docsBefore(text: string, index: number): string {
  const before = text.slice(0, index).trimEnd();
  if (!before.endsWith("*/")) return "";
  const comment = before.slice(before.lastIndexOf("/**") + 3, -2);
  return comment.replaceAll(/^ *\* ?/gm, "").trim();
}
