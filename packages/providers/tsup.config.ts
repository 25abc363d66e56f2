import { defineConfig } from "tsup";

export default defineConfig({
  entry: [
    "src/anthropic.ts",
    "src/claude-agent.ts",
    "src/google-genai.ts",
    "src/mistral.ts",
    "src/ollama.ts",
    "src/openai.ts",
  ],
  format: "esm",
  target: "node22",
  sourcemap: true,
  dts: false, // tsc --build writes the declarations
});
