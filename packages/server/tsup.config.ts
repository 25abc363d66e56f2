import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { defineConfig } from "tsup";
import { inlined } from "../../scripts/inlined.ts";

const UI = join(import.meta.dirname, "dist/ui");

/** The dashboard as one text, so that it survives whatever bundler the app uses. */
function packedUi(): string {
  if (!existsSync(join(UI, "index.html"))) {
    throw new Error(
      "The dashboard is not built: run `pnpm --filter @rivulet/dashboard build` first.",
    );
  }
  const files = readdirSync(UI, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => [
      `/${relative(UI, file).split(sep).join("/")}`,
      brotliCompressSync(readFileSync(file)).toString("base64"),
    ]);
  return JSON.stringify(Object.fromEntries(files));
}

// Without its fifty languages zod loads in a fraction of the time.
const libraries = inlined(["zod"]);

export default defineConfig({
  entry: ["src/index.ts", "src/node.ts"],
  format: "esm",
  target: "node22",
  sourcemap: true,
  dts: false, // tsc --build writes the declarations
  define: { RIVULET_UI: JSON.stringify(packedUi()) },
  ...libraries,
  esbuildOptions: (options) => {
    libraries.esbuildOptions(options);
    // Drops the way to the sources' own folder, which bundlers would follow.
    options.minifySyntax = true;
  },
});
