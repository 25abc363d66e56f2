import { defaultClientConditions, defineConfig } from "vite";

/** What every page needs is one file, and each area of pages another: few requests, none of them large. */
const chunkGroups = [
  {
    name: "index",
    test: /preact|wouter|query-core|virtual-core|src\/(?!pages|charts|content|message)/,
  },
  { name: "content", test: /src\/(?:content\/(?!markdown-view|text-diff)|message)/ },
  { name: "tracking", test: /src\/(?:pages\/(?:runs|compare-runs)|charts\/(?!curve-plot))/ },
  { name: "traces", test: /src\/pages\/traces/ },
  { name: "prompts", test: /src\/pages\/prompts/ },
  { name: "registry", test: /src\/pages\/(?:models|datasets)/ },
  { name: "evaluations", test: /src\/pages\/evaluations/ },
];

/** Relative URLs everywhere: the dashboard works under any mount path without knowing it. */
export default defineConfig({
  base: "./",
  // Packages of the workspace from their sources: they may not be built yet.
  resolve: { conditions: ["@rivulet/source", ...defaultClientConditions] },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: "../server/dist/ui",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: { output: { codeSplitting: { groups: chunkGroups } } },
  },
});
