// How the old pages subscribe: the first time narrows, later ones add, and the heartbeat always passes.

/**
 * @param heard patterns that are heard already; everything if empty
 * @param names one, several with commas between them, or a list of those
 * @returns the patterns to hear instead; `heard` itself if there are no names
 */
export function mergePatterns(heard: readonly string[], names: string | readonly string[]): readonly string[] {
  const listed = [names].flat().join(",").split(",");
  const more = listed.flatMap((name) => name.trim() || []);
  return more.length === 0 ? heard : [...new Set([...heard, ...more, "reactor_heartbeat"])];
}
