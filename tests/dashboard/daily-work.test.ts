import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const GUIDE = readFileSync(join(import.meta.dirname, "../../docs/dashboard.md"), "utf8");
const ROWS = [...GUIDE.matchAll(/^\| (.+?) +\|.*\| `([a-z-]+)`: (.+?) +\|$/gm)].map(
  ([, what = "", file = "", title = ""]) => ({ what, file, title }),
);

test.each(ROWS)("a test shows how to $what", ({ file, title }) => {
  const source = readFileSync(join(import.meta.dirname, `${file}.test.ts`), "utf8");
  expect(source).toContain(`"${title}"`);
});

test("every row of the guide names its test", () => {
  const table = GUIDE.split("\n")
    .filter((line) => line.startsWith("| "))
    .slice(2);
  expect(ROWS.length).toBe(table.length);
});
