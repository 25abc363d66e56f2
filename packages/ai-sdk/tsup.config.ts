import { defineConfig } from "tsup";

// `tsc --build` writes the declarations.
export default defineConfig({
  entry: ["src/index.ts", "src/register.ts"],
  format: "esm",
  target: "node22",
  sourcemap: true,
});
