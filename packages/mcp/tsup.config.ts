import { readFileSync } from "node:fs";
import { defineConfig } from "tsup";

const { version } = JSON.parse(readFileSync("package.json", "utf8"));

export default defineConfig({
  entry: ["src/index.ts"],
  format: "esm",
  target: "node22",
  sourcemap: true,
  dts: false, // tsc --build writes the declarations
  define: { RIVULET_MCP_VERSION: JSON.stringify(version) },
});
