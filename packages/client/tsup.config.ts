import { defineConfig } from "tsup";

export default defineConfig({
  entry: ["src/index.ts", "src/addresses.ts"],
  format: "esm",
  target: "es2022",
  sourcemap: true,
  dts: false, // tsc --build writes the declarations
});
