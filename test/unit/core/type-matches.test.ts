import { expect, it } from "vitest";
import type { Interest } from "../../../src/core/access/match.ts";
import { TypeMatches } from "../../../src/core/fanout/type-matches.ts";

const asking = (...asked: string[]): Interest => ({ asked, allowed: null });

function matchesOf(...interests: readonly Interest[]) {
  const matches = new TypeMatches<Interest>();
  for (const interest of interests) matches.add(interest);
  return matches;
}

it("[F13] tries no more than the budget allows, and goes on where it stopped", () => {
  const crowd = Array.from({ length: 100 }, (_, n) => asking(`*${n}*`));
  const matches = matchesOf(...crowd);
  expect(matches.find("type_7_", 60)).toEqual({ found: undefined, left: 0 });
  const { found, left } = matches.find("type_7_", 60);
  expect([[...(found ?? [])], left > 0]).toEqual([[crowd[7]], true]);
  expect(matches.find("type_7_", 1)).toEqual({ found, left: 1 }); // it is known by now
});

it("[F13] [S3] knows who came, and who left, while it was looking", () => {
  const [early, leaving] = [asking("*a*"), asking("*b*")];
  const crowd = Array.from({ length: 50 }, (_, n) => asking(`*${n}*`));
  const matches = matchesOf(early, leaving, ...crowd);
  expect(matches.find("_ab_", 10).found).toBeUndefined();
  const late = [asking("*ab*"), asking("*nothing*"), asking("_ab_")];
  for (const each of late) matches.add(each);
  matches.remove(leaving);
  expect([...matches.all("_ab_")].sort()).toEqual([early, late[0], late[2]].sort());
});

it("[F13] matches few that are new one by one, and looks a type up again behind many", () => {
  const matches = matchesOf(asking("a"));
  expect(matches.all("a").size).toBe(1);
  for (let n = 0; n < 10; n++) matches.add(asking("a"));
  expect(matches.find("a", 5).found).toBeUndefined();
  expect(matches.all("a").size).toBe(11);
  for (let n = 0; n < 1_000; n++) matches.add(asking(`b${n}`));
  expect(matches.find("a", 100).found?.size).toBe(11); // not those thousand
});

it("[S3] forgets the types that it was asked for long ago, and finds them again", () => {
  const matches = matchesOf(asking("type_*"), asking("type_0"));
  for (let n = 0; n < 3_000; n++) expect(matches.all(`type_${n}`).size).toBe(n === 0 ? 2 : 1);
  expect(matches.all("type_0").size).toBe(2);
});
