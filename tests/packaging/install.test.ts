import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { installProject, pack, RECORDER, ROOT, run, runProgram } from "./packed.ts";

const FOLDERS = [
  "core",
  "domain",
  "store",
  "server",
  "mcp",
  "mlflow",
  "otel",
  "providers",
  "express",
  "langchain",
  "ai-sdk",
  "cli",
  "client",
];

let folder = "";
/** Tarballs of core, and of what npm would bring with it from the registry. */
let core: readonly string[] = [];
const files = new Map<string, readonly string[]>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rivulet-user-"));
  const packed = await Promise.all(FOLDERS.map((name) => pack(`packages/${name}`, folder)));
  for (const [index, name] of FOLDERS.entries())
    files.set(name, packed[index]?.files.map(({ path }) => path) ?? []);
  core = packed.slice(0, 3).map(({ filename }) => filename);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it.each(FOLDERS)(
  "the tarball of %s has what a package has, and nothing of its building",
  (name) => {
    const paths = files.get(name) ?? [];
    expect(paths).toEqual(expect.arrayContaining(["LICENSE", "README.md", "package.json"]));
    expect(
      paths.filter((path) => /tsbuildinfo|\.test\.|tsup\.config|^dist\/ui\//.test(path)),
    ).toEqual([]);
  },
);

describe("core, installed alone", () => {
  let project = "";
  let installed: readonly string[] = [];
  beforeAll(async () => {
    project = join(folder, "core");
    installed = await installProject(project, core);
  });

  it("brings ten small libraries and what two of them need", () => {
    expect(installed).toEqual([
      "@rivulet/core",
      "@rivulet/domain",
      "@rivulet/store",
      "birpc",
      "client-zip",
      "ipaddr.js",
      "leven",
      "lowdb",
      "mrmime",
      "p-limit",
      "re2js",
      "steno",
      "yaml",
      "yocto-queue",
      "zod",
    ]);
  });

  it.each([
    ["recorder.mjs", 'import { createRivulet } from "@rivulet/core";'],
    ["recorder.cjs", 'const { createRivulet } = require("@rivulet/core");'],
  ])("records through its workers from %s, and leaves one file", async (name, opening) => {
    const file = join(project, name);
    await writeFile(file, opening + RECORDER);
    const store = join(project, name, "../data", `${name}.db`);
    expect(await runProgram(file, `sqlite:${store}`)).toBe('[["answer","ok"]]\n');
    const left = await readdir(join(project, "data"));
    expect(left.filter((entry) => entry.startsWith(`${name}.db`))).toEqual([`${name}.db`]);
  });

  it.each([
    ["nodenext", "nodenext"],
    ["esnext", "bundler"],
  ])("has declarations that a strict %s project compiles whole", async (module, resolution) => {
    await writeFile(
      join(project, "app.ts"),
      'export * from "@rivulet/core";\nexport * as testing from "@rivulet/core/testing";\n',
    );
    const options = ["--noEmit", "--strict", "--exactOptionalPropertyTypes", "--target", "es2022"];
    const kind = ["--module", module, "--moduleResolution", resolution];
    const { stdout } = await run(
      join(ROOT, "node_modules/.bin/tsc"),
      [...options, ...kind, "app.ts"],
      {
        cwd: project,
      },
    );
    expect(stdout).toBe("");
  });
});
