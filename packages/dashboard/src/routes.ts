import type { FunctionComponent } from "preact";
import { lazyComponent } from "./components/lazy-component.tsx";
import type { ScopedPage } from "./routing/scope.ts";
import { ofKnownExperiment } from "./shell/of-known-experiment.tsx";

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

/** A page of one experiment, and the same page of all. */
function scoped(
  page: ScopedPage,
  load: () => Promise<FunctionComponent<PageProps>>,
): readonly AppRoute[] {
  const component = ofKnownExperiment(lazyComponent(load));
  const ofExperiment = `/experiments/:experimentId/${page}`;
  return [`/${page}`, ofExperiment].map((path) => ({ path, page: component }));
}

/** Areas of pages whose code is loaded together. */
const tracking = () => import("./pages/tracking.ts");
const traces = () => import("./pages/traces.ts");
const prompts = () => import("./pages/prompts.ts");
const registry = () => import("./pages/registry.ts");
const overview = () => import("./pages/overview.ts");
const webhooks = () => import("./pages/webhooks.ts");
const evaluations = () => import("./pages/evaluations.ts");

/** Every page; its code is loaded when it is opened. The first that fits is shown. */
export const ROUTES: readonly AppRoute[] = [
  ...scoped("overview", async () => (await overview()).OverviewPage),
  ...scoped("runs", async () => (await tracking()).RunsPage),
  ...scoped("traces", async () => (await traces()).TracesPage),
  ...scoped("sessions", async () => (await overview()).SessionsPage),
  ...scoped("users", async () => (await overview()).UsersPage),
  ...scoped("evaluations", async () => (await evaluations()).EvaluationsPage),
  route("/settings", async () => (await import("./pages/settings/settings-page.tsx")).SettingsPage),
  route("/store", async () => (await import("./pages/store/store-page.tsx")).StorePage),
  route("/webhooks", async () => (await webhooks()).WebhooksPage),
  route("/webhooks/:id", async () => (await webhooks()).WebhookPage),
  route("/experiments", async () => (await registry()).ExperimentsPage),
  route("/experiments/:experimentId/about", async () => (await registry()).AboutExperimentPage),
  route("/experiments/:experimentId/runs/:runId", async () => (await tracking()).RunPage),
  route(
    "/experiments/:experimentId/models/:modelId",
    async () => (await registry()).LoggedModelPage,
  ),
  route("/compare-runs", async () => (await tracking()).CompareRunsPage),
  route("/traces/:traceId", async () => (await traces()).TracePage),
  route(
    "/compare-traces",
    async () => (await import("./pages/traces/compare/compare-traces-page.tsx")).CompareTracesPage,
  ),
  route("/sessions/:sessionId", async () => (await overview()).SessionPage),
  route("/users/:userId", async () => (await overview()).UserPage),
  route("/prompts", async () => (await prompts()).PromptsPage),
  route("/prompts/:name", async () => (await prompts()).PromptPage),
  route("/models", async () => (await registry()).ModelsPage),
  route("/models/:name", async () => (await registry()).ModelPage),
  route("/models/:name/versions/:version", async () => (await registry()).ModelVersionPage),
  route("/datasets", async () => (await registry()).DatasetsPage),
  route("/datasets/:name", async () => (await registry()).DatasetPage),
  route("/evaluations/compare", async () => (await evaluations()).ComparisonPage),
  route("/evaluations/:id", async () => (await evaluations()).EvaluationPage),
];
