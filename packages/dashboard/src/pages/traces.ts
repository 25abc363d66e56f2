// Pages of traces, whose code is loaded together.

export { TracePage } from "./traces/trace-page.tsx";
export { TracesPage } from "./traces/traces-page.tsx";
