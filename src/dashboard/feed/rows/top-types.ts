// The most frequent types, for the counts beside the list.

export type TypeCount = readonly [type: string, count: number];

/** In one walk: a publisher may put an id into each type, and this runs with each frame. */
export function topTypes(types: ReadonlyMap<string, number>, most: number): readonly TypeCount[] {
  const top: TypeCount[] = [];
  for (const each of types) {
    const least = top.at(-1);
    if (top.length === most && least && !isBefore(each, least)) continue;
    if (top.length === most) top.pop();
    let at = top.length;
    while (at > 0 && isBefore(each, top[at - 1] as TypeCount)) at--;
    top.splice(at, 0, each);
  }
  return top;
}

function isBefore([type, count]: TypeCount, [otherType, otherCount]: TypeCount): boolean {
  return count === otherCount ? type < otherType : count > otherCount;
}
