import { fileURLToPath } from "node:url";
import { defaultClientConditions, defineConfig } from "vite";

/** What a page loads when it is asked for more. */
const ON_DEMAND =
  /lists\/(?:groups\/grouped|tree\/tree-table|columns\/drag|export\/export-rows|filter\/(?:more|filter-text-form|read-clauses|time-range-panel|cell-menu))|components\/search-list/;

/**
 * What every page needs is one file; lists and contents are two more. The rest is split by what is loaded together:
 * `import()` names a module that stands for all of it.
 */
const chunkGroups = [
  {
    name: "index",
    test: /preact|wouter|query-core|tinykeys|src\/(?:main|app|api|routing|shell\/(?!rare)|sign-in|theme|format|settings)/,
  },
  {
    name: "lists",
    test: new RegExp(`src/(?!${ON_DEMAND.source})(?:lists|components|files/save|questions|search)`),
  },
  // Small pages and parts that are seldom opened are smaller together.
  {
    name: "rest",
    test: /src\/pages\/(?:store\/store-page|settings|webhooks|sign-in|datasets\/import-dialog)/,
  },
  {
    name: "arranged",
    test: /src\/lists\/(?:groups\/grouped|tree\/tree-table|columns\/drag|export\/export-rows)/,
  },
  { name: "content", test: /src\/(?:content\/(?!markdown-|text-diff|side-diff)|message)/ },
  { name: "shared", minShareCount: 2, test: /src\/(?:charts|pages(?!\/compare-runs))\// },
];

const markdownPart = (name: string): string =>
  fileURLToPath(new URL(`src/content/markdown-parts/${name}.ts`, import.meta.url));

/** What the Markdown parser imports and we have no use for: it would be half of the parser. */
const markdownParts = [
  { find: /^entities$/, replacement: markdownPart("entities") },
  { find: /^linkify-it$/, replacement: markdownPart("linkify") },
  { find: /^uc\.micro$/, replacement: markdownPart("characters") },
  { find: /^mdurl$/, replacement: markdownPart("addresses") },
  { find: /^punycode\.js$/, replacement: markdownPart("host-names") },
];

/** Relative URLs everywhere: the dashboard works under any mount path without knowing it. */
export default defineConfig({
  base: "./",
  // Packages of the workspace from their sources: they may not be built yet.
  resolve: {
    conditions: ["@rivulet/source", ...defaultClientConditions],
    alias: markdownParts,
  },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: "../server/dist/ui",
    emptyOutDir: true,
    target: "es2022",
    // Those of 2024, which the pages need anyway for popovers: nesting and `light-dark()` stay as they are written.
    cssTarget: ["chrome123", "firefox125", "safari17.5"],
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: { output: { codeSplitting: { groups: chunkGroups } } },
  },
});
