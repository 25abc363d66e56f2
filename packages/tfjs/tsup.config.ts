import { defineConfig } from "tsup";

export default defineConfig({
  entry: { index: "src/index.ts" },
  format: "esm",
  target: "node22",
  sourcemap: true,
  dts: false, // tsc --build writes the declarations; tsup 9 cannot under TypeScript 7
});
