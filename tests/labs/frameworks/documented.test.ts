import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const FENCE = /^```js\n([\s\S]*?)^```$/gm;
const page = readFileSync(join(import.meta.dirname, "../../../docs/frameworks.md"), "utf8");
const tests = globSync("*.test.ts", { cwd: import.meta.dirname })
  .map((file) => readFileSync(join(import.meta.dirname, file), "utf8"))
  .join("\n")
  .replaceAll(/^ +/gm, "");

/** What an app writes, without its imports. */
const blocks = [...page.matchAll(FENCE)].map(([, code = ""]) =>
  code.replaceAll(/^(?: +|import .*\n)/gm, "").trim(),
);

test("the page of frameworks has lines for each", () => {
  expect(blocks).toHaveLength(6);
});

test.each(blocks)("a test of a framework runs what the page says: %s", (block) => {
  expect(tests).toContain(block);
});
