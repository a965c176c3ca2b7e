// A long name that keeps both of its ends: types of one publisher begin the same, and differ in their ends.

export function cutMiddle(name: string, most: number): string {
  if (name.length <= most) return name;
  const letters = Array.from(name.slice(0, most * 2), String); // code points: half a surrogate pair is no letter
  if (name.length > most * 2) letters.push(...Array.from(name.slice(-most * 2)));
  if (letters.length <= most) return name;
  const head = Math.ceil((most - 1) / 2);
  return `${letters.slice(0, head).join("")}…${letters.slice(head + 1 - most).join("")}`;
}
