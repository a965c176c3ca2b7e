// No statement may take what other requests wrote with it.
import { globSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { unreadReturning } from "../support/sql-in-sources.ts";

it("[L1] [L6] reads every RETURNING to its end where it is executed", () => {
  const files = globSync("src/**/*.{ts,tsx}");
  expect(files.length).toBeGreaterThan(100);
  const unread = files.flatMap((file) => unreadReturning(readFileSync(file, "utf8")).map((line) => `${file}:${line}`));
  expect(unread).toEqual([]);
});

it.each([
  ["sql.exec('DELETE FROM a WHERE b < ? RETURNING b', f(1)).toArray();", []],
  ["sql.exec<Row>(`UPDATE a SET b = (b + 1)\n RETURNING b`)\n  .one();", []],
  ["sql.exec('INSERT INTO a VALUES (?) RETURNING b', 1).raw<[number]>().toArray();", []],
  ["// RETURNING is not read\n/* nor is\n RETURNING here */", []],
  ["const returningTwice = 1;", []],
  ["\nsql.exec('DELETE FROM a RETURNING b');", [2]],
  ["sql.exec('DELETE FROM a returning b').next();", [1]],
  ["for (const row of sql.exec('DELETE FROM a RETURNING b')) break;", [1]],
  ["return sql.exec('DELETE FROM a RETURNING b', list.toArray()).rowsWritten;", [1]],
  ["const DELETE = 'DELETE FROM a RETURNING b';\nsql.exec(DELETE).toArray();", [1]],
])("finds the unread ones of %j", (source, lines) => {
  expect(unreadReturning(source)).toEqual(lines);
});
