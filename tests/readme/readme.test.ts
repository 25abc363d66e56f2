import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire, stripTypeScriptTypes } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, onTestFinished, test } from "vitest";

/** Packages whose README has ```ts examples that run as they stand. */
const PACKAGES = ["@rivulet/core", "@rivulet/mcp"] as const;

const FENCE = /^```ts\n([\s\S]*?)^```$/gm;
const resolvePath = createRequire(import.meta.url).resolve;

async function readExamples(name: string): Promise<readonly string[]> {
  const folder = dirname(resolvePath(`${name}/package.json`));
  const text = await readFile(join(folder, "README.md"), "utf8");
  return [...text.matchAll(FENCE)].map((match) => match[1] ?? "");
}

/** A file of its own below the tests, where the packages are found by name. Node strips no types there. */
async function writeExample(code: string): Promise<string> {
  const cache = join(import.meta.dirname, "..", "node_modules", ".cache");
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, "readme-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, "example.mjs");
  await writeFile(file, stripTypeScriptTypes(code));
  return file;
}

describe.each(PACKAGES)("the README of %s", async (name) => {
  const examples = await readExamples(name);

  test("has examples", () => {
    expect(examples.length).toBeGreaterThan(0);
  });

  test.each(examples.map((code, index) => [index + 1, code] as const))(
    "example %i runs",
    async (_number, code) => {
      const file = await writeExample(code);
      const args = ["--conditions=@rivulet/source", file];
      const { stdout, stderr } = await promisify(execFile)(process.execPath, args);
      expect(stderr).toBe("");
      expect(stdout.trim()).not.toBe("");
      expect(stdout).not.toContain("undefined");
    },
  );
});
