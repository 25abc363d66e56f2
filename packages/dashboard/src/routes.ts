import type { FunctionComponent } from "preact";
import { lazyComponent } from "./components/lazy-component.tsx";

/** What every page is given: the named parts of its path. */
export interface PageProps {
  readonly params: Readonly<Record<string, string>>;
}

/** A page and where it is. */
interface AppRoute {
  readonly path: string;
  readonly page: FunctionComponent<PageProps>;
}

function route(path: string, load: () => Promise<FunctionComponent<PageProps>>): AppRoute {
  return { path, page: lazyComponent(load) };
}

/** Every page; its code is loaded when it is opened. The first that fits is shown. */
export const ROUTES: readonly AppRoute[] = [
  route(
    "/experiments",
    async () => (await import("./pages/experiments/experiments-page.tsx")).ExperimentsPage,
  ),
  route(
    "/experiments/:experimentId",
    async () => (await import("./pages/runs/runs-page.tsx")).RunsPage,
  ),
  route(
    "/experiments/:experimentId/runs/:runId",
    async () => (await import("./pages/runs/run-page.tsx")).RunPage,
  ),
  route(
    "/compare-runs",
    async () => (await import("./pages/compare-runs/compare-runs-page.tsx")).CompareRunsPage,
  ),
  route("/traces", async () => (await import("./pages/traces/traces-page.tsx")).TracesPage),
  route("/traces/:traceId", async () => (await import("./pages/traces/trace-page.tsx")).TracePage),
  route("/prompts", async () => (await import("./pages/prompts/prompts-page.tsx")).PromptsPage),
  route("/prompts/:name", async () => (await import("./pages/prompts/prompt-page.tsx")).PromptPage),
  route("/models", async () => (await import("./pages/models/models-page.tsx")).ModelsPage),
  route("/models/:name", async () => (await import("./pages/models/model-page.tsx")).ModelPage),
  route(
    "/models/:name/versions/:version",
    async () => (await import("./pages/models/model-version-page.tsx")).ModelVersionPage,
  ),
  route("/datasets", async () => (await import("./pages/datasets/datasets-page.tsx")).DatasetsPage),
  route(
    "/datasets/:name",
    async () => (await import("./pages/datasets/dataset-page.tsx")).DatasetPage,
  ),
  route(
    "/evaluations",
    async () => (await import("./pages/evaluations/evaluations-page.tsx")).EvaluationsPage,
  ),
  route(
    "/evaluations/compare",
    async () => (await import("./pages/evaluations/comparison-page.tsx")).ComparisonPage,
  ),
  route(
    "/evaluations/:id",
    async () => (await import("./pages/evaluations/evaluation-page.tsx")).EvaluationPage,
  ),
];
