import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ASKS_MCP, addPackages, installProject, MOUNTER, pack, run, runProgram } from "./packed.ts";

const IMPORTS = `import { createRivulet } from "@rivulet/core";
import { mlops } from "@rivulet/express";
import express from "express";`;

/** Prints the packages that an import loads. */
const LISTS_LOADED = `import { registerHooks } from "node:module";
const loaded = new Set();
registerHooks({
  load(url, context, next) {
    const [, name] = /.*node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(url) ?? [];
    if (name !== undefined) loaded.add(name);
    return next(url, context);
  },
});
await import("@rivulet/express");
console.log(JSON.stringify([...loaded].sort()));
`;

const MISSING = "MCP needs a package that is not installed: npm install @rivulet/mcp";

let folder = "";
let project = "";
let tarballs: Readonly<Record<string, string>> = {};
let installed: readonly string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rivulet-mount-"));
  project = join(folder, "app");
  const names = ["core", "domain", "store", "server", "express", "mcp"];
  const packed = await Promise.all(names.map((name) => pack(`packages/${name}`, folder)));
  tarballs = Object.fromEntries(names.map((name, index) => [name, packed[index]?.filename ?? ""]));
  const { mcp: _, ...mount } = tarballs;
  installed = await installProject(project, Object.values(mount));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("core and the mount, installed", () => {
  it("are few packages, and neither express nor the MCP SDK is among them", () => {
    expect(installed.length).toBeLessThanOrEqual(25);
    expect(installed).not.toContain("@modelcontextprotocol/sdk");
    expect(installed).not.toContain("express");
  });

  it("are small", async () => {
    expect(await sizeOf(join(project, "node_modules"))).toBeLessThanOrEqual(18_000_000);
  });

  it("load only what every app needs", async () => {
    await writeFile(join(project, "loaded.mjs"), LISTS_LOADED);
    expect(JSON.parse(await runProgram(join(project, "loaded.mjs")))).toEqual([
      "@rivulet/core",
      "@rivulet/domain",
      "@rivulet/express",
      "@rivulet/server",
      "@rivulet/store",
      "birpc",
      "leven",
      "lowdb",
      "mrmime",
      "p-limit",
      "rou3",
      "yocto-queue",
    ]);
  });
});

describe("the mount in an app with express", () => {
  beforeAll(async () => {
    await addPackages(project, ["express"]);
    await writeFile(join(project, "app.mjs"), IMPORTS + MOUNTER);
    await writeFile(join(project, "mcp.mjs"), `const mcp = {};${IMPORTS}${ASKS_MCP}`);
  });

  it("serves the dashboard", async () => {
    expect(await runProgram(join(project, "app.mjs"))).toBe(
      '[200,"text/javascript; charset=utf-8","admin"]\n',
    );
  });

  it("answers MCP with what to install, and says so once", async () => {
    const { stdout, stderr } = await run(process.execPath, [join(project, "mcp.mjs")]);
    const body = { jsonrpc: "2.0", error: { code: -32000, message: MISSING }, id: null };
    const answer = [501, JSON.stringify(body)];
    expect(JSON.parse(stdout)).toEqual([answer, answer]);
    expect(stderr.split(MISSING)).toHaveLength(2);
    expect(stderr).toContain("RIVULET_NO_MCP");
  });

  it("serves MCP once its package is there, and says nothing", async () => {
    await addPackages(project, [tarballs["mcp"] ?? ""]);
    const { stdout, stderr } = await run(process.execPath, [join(project, "mcp.mjs")]);
    expect(JSON.parse(stdout)).toEqual([
      [200, expect.stringContaining('"serverInfo"')],
      [200, expect.stringContaining('"serverInfo"')],
    ]);
    expect(stderr).toBe("");
  });
});

/** Bytes of all files below a folder. */
async function sizeOf(path: string): Promise<number> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map(async (file) => (await stat(join(file.parentPath, file.name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
