import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { build, type Format } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import webpack from "webpack";
import { MOUNTER, RECORDER, runProgram } from "./packed.ts";

const CORE = 'import { createRivulet } from "@rivulet/core";';
const MOUNT = `${CORE}
import { mlops } from "@rivulet/express";
import express from "express";`;

let sources = "";
let out = "";

/** The entry files lie where the packages are found by name; the bundles run where nothing is. */
beforeAll(async () => {
  sources = await mkdtemp(join(import.meta.dirname, "../node_modules/bundled-"));
  out = await mkdtemp(join(tmpdir(), "rivulet-bundles-"));
  await writeFile(join(sources, "recorder.js"), CORE + RECORDER);
  await writeFile(join(sources, "mounter.js"), MOUNT + MOUNTER);
});
afterAll(async () => {
  await rm(sources, { recursive: true });
  await rm(out, { recursive: true });
});

describe.each<[Format, string]>([
  ["esm", "mjs"],
  ["cjs", "cjs"],
])("an app bundled with esbuild as %s", (format, extension) => {
  it("finds the store's workers", async () => {
    const file = await esbuilt("recorder.js", format, extension);
    expect(await runProgram(file, `sqlite:${file}.db`)).toBe('[["answer","ok"]]\n');
  });

  it("serves the dashboard", async () => {
    const file = await esbuilt("mounter.js", format, extension);
    expect(await runProgram(file)).toBe('[200,"text/javascript; charset=utf-8","admin"]\n');
  });
});

it("an app bundled with webpack finds the store's workers", async () => {
  const compiler = webpack({
    mode: "development",
    devtool: false,
    target: "node22",
    entry: join(sources, "recorder.js"),
    output: { path: out, filename: "webpacked.cjs" },
  });
  const stats = await promisify(compiler.run.bind(compiler))();
  expect(stats?.toJson({ all: false, errors: true, warnings: true })).toMatchObject({
    errors: [],
    warnings: [],
  });
  const file = join(out, "webpacked.cjs");
  expect(await runProgram(file, `sqlite:${file}.db`)).toBe('[["answer","ok"]]\n');
});

async function esbuilt(entry: string, format: Format, extension: string): Promise<string> {
  const outfile = join(out, `${basename(entry, ".js")}.${extension}`);
  // CommonJS libraries ask for `require`, which an ES module has to be given.
  const js =
    format === "esm"
      ? 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);'
      : "";
  await build({
    entryPoints: [join(sources, entry)],
    outfile,
    bundle: true,
    platform: "node",
    format,
    banner: { js },
    logLevel: "error",
  });
  return outfile;
}
