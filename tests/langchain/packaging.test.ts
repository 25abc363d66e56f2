import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { expect, test } from "vitest";

/** What an entry imports from outside, bundled as an app's bundler would. */
async function importsOf(entry: string): Promise<readonly { path: string; kind: string }[]> {
  const { metafile } = await build({
    entryPoints: [fileURLToPath(import.meta.resolve(entry))],
    bundle: true,
    conditions: ["@rivulet/source"],
    external: ["@langchain/*"],
    format: "esm",
    metafile: true,
    packages: "external",
    platform: "node",
    write: false,
  });
  return Object.values(metafile.outputs).flatMap(({ imports }) => imports);
}

test("the handler needs nothing of LangChain; only instrumentLangChain asks for it when it is called", async () => {
  const imports = await importsOf("@rivulet/langchain");
  expect(imports.map(({ path }) => path)).toContain("@rivulet/core");
  expect(imports.filter(({ path }) => path.startsWith("@langchain/"))).toMatchObject([
    { path: "@langchain/core/callbacks/manager", kind: "dynamic-import" },
  ]);
});

test("the prompt templates are made of the app's own copy of LangChain", async () => {
  const imports = await importsOf("@rivulet/langchain/prompts");
  expect(imports).toContainEqual({
    path: "@langchain/core/prompts",
    kind: "import-statement",
    external: true,
  });
});

test("a bundler keeps what importing the templates does", async () => {
  const { outputFiles } = await build({
    stdin: {
      contents: 'import "@rivulet/langchain/prompts";',
      resolveDir: import.meta.dirname,
    },
    bundle: true,
    conditions: ["@rivulet/source"],
    external: ["@langchain/*", "@rivulet/core"],
    format: "esm",
    platform: "node",
    write: false,
  });
  expect(outputFiles[0]?.text).toMatch(/extendPrompts\(\{/);
});
