import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { build, type Format } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import webpack from "webpack";
import { ASKS_MCP, MOUNTER, RECORDER, runProgram } from "./packed.ts";

const CORE = 'import { createRivulet } from "@rivulet/core";';
const MOUNT = `${CORE}
import { mlops } from "@rivulet/express";
import express from "express";`;

/** Prints what a call costs, once the list of prices is loaded. */
const PRICER = `
const rivulet = createRivulet({ store: "memory:" });
let cost;
while (cost === undefined) {
  const span = rivulet.startSpan("call", { type: "chat_model", model: "gpt-4o" });
  span.setUsage({ inputTokens: 1_000_000 });
  span.end();
  await rivulet.flush();
  ({ cost } = await rivulet.traces.get(span.traceId));
}
console.log(cost);
await rivulet.close();`;

let sources = "";
let out = "";

/** The entry files lie where the packages are found by name; the bundles run where nothing is. */
beforeAll(async () => {
  sources = await mkdtemp(join(import.meta.dirname, "../node_modules/bundled-"));
  out = await mkdtemp(join(tmpdir(), "rivulet-bundles-"));
  await writeFile(join(sources, "recorder.js"), CORE + RECORDER);
  await writeFile(join(sources, "pricer.js"), `${CORE}void (async () => {${PRICER}})();`);
  await writeFile(join(sources, "mounter.js"), MOUNT + MOUNTER);
  await writeFile(join(sources, "without-mcp.js"), `${MOUNT}const mcp = {};${ASKS_MCP}`);
  const load = 'const mcp = () => import("@rivulet/mcp");';
  await writeFile(join(sources, "with-mcp.js"), MOUNT + load + ASKS_MCP);
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

  it("knows the prices of models", async () => {
    expect(await runProgram(await esbuilt("pricer.js", format, extension))).toBe("2.5\n");
  });

  it("serves the dashboard", async () => {
    const file = await esbuilt("mounter.js", format, extension);
    expect(await runProgram(file)).toBe('[200,"text/javascript; charset=utf-8","admin"]\n');
  });

  it("is built without MCP's package, and answers 501 where it is not", async () => {
    const file = await esbuilt("without-mcp.js", format, extension);
    expect(await readFile(file, "utf8")).not.toContain("InitializeRequestSchema");
    expect(statuses(await runProgram(file))).toEqual([501, 501]);
  });

  it("has MCP in it when it hands its import over", async () => {
    const file = await esbuilt("with-mcp.js", format, extension);
    expect(await readFile(file, "utf8")).toContain("InitializeRequestSchema");
    expect(statuses(await runProgram(file))).toEqual([200, 200]);
  });
});

describe("an app bundled with webpack", () => {
  it("knows the prices of models", async () => {
    expect(await runProgram(await webpacked("pricer.js"))).toBe("2.5\n");
  });

  it("finds the store's workers", async () => {
    const file = await webpacked("recorder.js");
    expect(await runProgram(file, `sqlite:${file}.db`)).toBe('[["answer","ok"]]\n');
  });

  it("is built without MCP's package, and answers 501 where it is not", async () => {
    expect(statuses(await runProgram(await webpacked("without-mcp.js")))).toEqual([501, 501]);
  });

  it("has MCP in it when it hands its import over", async () => {
    expect(statuses(await runProgram(await webpacked("with-mcp.js")))).toEqual([200, 200]);
  });
});

/** The statuses that {@link ASKS_MCP} prints. */
function statuses(printed: string): readonly number[] {
  return (JSON.parse(printed) as [number, string][]).map(([status]) => status);
}

/** Built without an error or a warning of ours. */
async function webpacked(entry: string): Promise<string> {
  const filename = `${basename(entry, ".js")}-webpacked.cjs`;
  const compiler = webpack({
    mode: "development",
    devtool: false,
    target: "node22",
    entry: join(sources, entry),
    output: { path: out, filename },
    // Express asks for its view engines by names that nobody knows beforehand.
    ignoreWarnings: [{ module: /node_modules\/express\// }],
    optimization: { splitChunks: false },
    module: { parser: { javascript: { dynamicImportMode: "eager" } } },
  });
  const stats = await promisify(compiler.run.bind(compiler))();
  expect(stats?.toJson({ all: false, errors: true, warnings: true })).toMatchObject({
    errors: [],
    warnings: [],
  });
  return join(out, filename);
}

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
