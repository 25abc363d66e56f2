// Pages of runs, whose code is loaded together.

export { CompareRunsPage } from "./compare-runs/compare-runs-page.tsx";
export { RunPage } from "./runs/run-page.tsx";
export { RunsPage } from "./runs/runs-page.tsx";
