import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { pack, run } from "./packed.ts";

const FOLDERS = ["domain", "store", "core"];
const NODE_22 = join(dirname(createRequire(import.meta.url).resolve("node22/package.json")), "bin");

const BODY = `
test("a run is recorded", async () => {
  const rivulet = createRivulet({ store: process.env.TEST_STORE });
  await rivulet.runs.start({ name: "tested" });
  const { items } = await rivulet.runs.search();
  expect(items.map(({ name }) => name)).toEqual(["tested"]);
  await rivulet.close();
});
`;

let project = "";

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), "rivulet-jest-"));
  const packed = await Promise.all(FOLDERS.map((name) => pack(`packages/${name}`, project)));
  const tarballs = packed.map(({ filename }) => `file:${filename}`);
  const lines = FOLDERS.map((name, index) => `  "@rivulet/${name}": "${tarballs[index]}"`);
  const settings = `packages: []\noverrides:\n${lines.join("\n")}\n`;
  await writeFile(join(project, "package.json"), '{ "name": "app", "type": "commonjs" }');
  await writeFile(join(project, "pnpm-workspace.yaml"), settings);
  const options = ["--prefer-offline", "--loglevel=error"];
  await run("pnpm", ["add", "--ignore-scripts", ...options, tarballs.at(-1) ?? "", "jest@30.5.2"], {
    cwd: project,
  });
  const importing = 'import { createRivulet } from "@rivulet/core";';
  await writeFile(join(project, "imported.test.mjs"), importing + BODY);
  const requiring = 'const { createRivulet } = require("@rivulet/core");';
  await writeFile(join(project, "required.test.js"), requiring + BODY);
}, 300_000);
afterAll(() => rm(project, { recursive: true, force: true }));

/** Runs one test file with the flag that the README names. */
async function jest(node: string, file: string, store: string): Promise<string> {
  const bin = join(project, "node_modules/jest/bin/jest.js");
  const env = { PATH: process.env["PATH"], TEST_STORE: store, CI: "true" };
  const { stderr } = await run(node, ["--experimental-vm-modules", bin, file], {
    cwd: project,
    env,
  }).catch((error: { readonly stderr: string }) => error);
  return stderr;
}

it.each([
  ["required", process.execPath, "required.test.js"],
  ["imported", process.execPath, "imported.test.mjs"],
  ["imported, on the oldest Node,", join(NODE_22, "node"), "imported.test.mjs"],
])(
  "core works in Jest when it is %s as the README says",
  async (_, node, file) => {
    expect(await jest(node, file, "memory:")).toContain("Tests:       1 passed, 1 total");
    const store = `sqlite:${join(project, `${file}-${node === process.execPath}.db`)}`;
    expect(await jest(node, file, store)).toContain("Tests:       1 passed, 1 total");
  },
  120_000,
);
