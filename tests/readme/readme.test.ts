import { execFile } from "node:child_process";
import { existsSync, globSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { stripTypeScriptTypes } from "node:module";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { aStoreUrl } from "../postgres/store-url.ts";

const ROOT = join(import.meta.dirname, "../..");
const FENCE = /^```ts\n([\s\S]*?)^```$/gm;
const run = promisify(execFile);

interface Example {
  readonly readme: string;
  readonly name: string;
  readonly code: string;
}

const readmes = ["README.md", ...globSync("packages/*/README.md", { cwd: ROOT })];
const examples = (await Promise.all(readmes.map(readExamples))).flat();
let folder = "";

async function readExamples(readme: string): Promise<readonly Example[]> {
  const text = await readFile(join(ROOT, readme), "utf8");
  return [...text.matchAll(FENCE)].map((match, index) => ({
    readme,
    name: `${readme.replace(/\W+/g, "-")}-${index + 1}`,
    code: match[1] ?? "",
  }));
}

/** A folder below the tests, where the packages are found by name. */
beforeAll(async () => {
  const cache = join(import.meta.dirname, "../node_modules/.cache");
  await mkdir(cache, { recursive: true });
  folder = await mkdtemp(join(cache, "readme-"));
  for (const { name, code } of examples) {
    await writeFile(join(folder, `${name}.mts`), code);
    // Node strips no types below node_modules.
    await writeFile(join(folder, `${name}.mjs`), stripTypeScriptTypes(code));
  }
  const config = {
    extends: relative(folder, join(ROOT, "tsconfig.base.json")),
    compilerOptions: {
      noEmit: true,
      rootDir: "/",
      outDir: folder,
      tsBuildInfoFile: join(folder, ".tsbuildinfo"),
      isolatedDeclarations: false,
      lib: ["es2024", "esnext.disposable"],
    },
    include: ["*.mts"],
    exclude: [],
  };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test.each(globSync("packages/*/package.json", { cwd: ROOT }))(
  "%s has a README beside it",
  (manifest) => {
    const isPrivate = manifest.startsWith("packages/dashboard/");
    expect(isPrivate || existsSync(join(ROOT, manifest, "../README.md"))).toBe(true);
  },
);

test("the examples compile", async () => {
  const args = [join(ROOT, "node_modules/typescript/bin/tsc"), "-p", folder];
  const { stdout } = await run(process.execPath, args).catch((error: { stdout: string }) => error);
  expect(stdout).toBe("");
});

describe("examples run as they stand", () => {
  test("there are some", () => {
    expect(examples.length).toBeGreaterThan(9);
  });

  test.each(examples)("$name", async ({ name }) => {
    const args = ["--conditions=@rivulet/source", join(folder, `${name}.mjs`)];
    const env = { ...process.env, DATABASE_URL: await aStoreUrl() };
    const { stdout, stderr } = await run(process.execPath, args, { env });
    expect(stderr).toBe("");
    expect(stdout.trim()).not.toBe("");
    expect(stdout).not.toContain("undefined");
  });
});
