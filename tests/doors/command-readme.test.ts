import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { createRivulet } from "@rivulet/core";
import { afterAll, expect, test } from "vitest";
import { runLine } from "./command-line.ts";

const README = createRequire(import.meta.url).resolve("rivulet/package.json");
const text = await readFile(README.replace("package.json", "README.md"), "utf8");
const section = /^## Records$([\s\S]*?)^## /m.exec(text)?.[1] ?? "";
const lines = /^```sh\n([\s\S]*?)^```$/m.exec(section)?.[1]?.trim().split("\n") ?? [];

const rivulet = createRivulet({ store: "memory:" });
afterAll(() => rivulet.close());

test("there are commands", () => {
  expect(lines.length).toBeGreaterThan(7);
});

test.each(lines)("%s", async (line) => {
  const [command, ...args] = wordsOf(line);
  expect(command).toBe("rivulet");
  const { code, stdout } = await runLine(rivulet, args);
  expect(code).toBe(0);
  expect(stdout).not.toBe("");
});

/** The words of a command line, as a shell reads them. */
function wordsOf(line: string): readonly string[] {
  const words = line.match(/"[^"]*"|'[^']*'|[^\s"']+/g) ?? [];
  return words.map((word) => word.replace(/^(["'])([\s\S]*)\1$/, "$2"));
}
