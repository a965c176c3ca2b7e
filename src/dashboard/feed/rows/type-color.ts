// A type's colour: always the same one, on every page.

const COLORS = 8;

/** @returns the class of `--type-0` to `--type-7` */
export function typeColor(type: string): string {
  let hash = 0;
  for (let index = 0; index < type.length; index++) hash = (Math.imul(hash, 31) + type.charCodeAt(index)) | 0;
  return `type-${((hash >>> 16) ^ (hash & 0xffff)) % COLORS}`;
}
