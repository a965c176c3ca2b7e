// How the old pages subscribe: the first time narrows, later ones add, and the heartbeat always passes.

/**
 * @param current patterns of the present subscription; everything if empty
 * @param names one, several with commas between them, or a list of those
 * @returns the patterns to hear instead; `current` itself if there are no names
 */
export function mergePatterns(current: readonly string[], names: string | readonly string[]): readonly string[] {
  const listed = [names].flat().join(",").split(",");
  const more = listed.flatMap((name) => name.trim() || []);
  return more.length === 0 ? current : [...new Set([...current, ...more, "reactor_heartbeat"])];
}
