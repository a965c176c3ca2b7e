// The legacy `subscribe`: the first call narrows, later calls add, and the heartbeat is always included.

/**
 * @param current patterns of the present subscription; empty: all events
 * @param names one name, comma-separated names, or a list of those
 * @returns the new patterns; `current` itself if there are no names
 */
export function mergePatterns(current: readonly string[], names: string | readonly string[]): readonly string[] {
  const more = namesIn(names);
  return more.length === 0 ? current : [...new Set([...current, ...more, "reactor_heartbeat"])];
}

/** @param names one name, comma-separated names, or a list of those */
export function namesIn(names: string | readonly string[]): readonly string[] {
  const listed = [names].flat().join(",").split(",");
  return listed.flatMap((name) => name.trim() || []);
}
