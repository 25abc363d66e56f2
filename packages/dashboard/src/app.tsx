import type { JSX } from "preact";
import { useEffect, useErrorBoundary } from "preact/hooks";
import { Redirect, Route, Router, Switch, useLocation, useSearch } from "wouter-preact";
import { useObservable } from "./api/observable.ts";
import { queryClient } from "./api/query-client.ts";
import { ErrorNotice } from "./components/notices.tsx";
import { PageFrame } from "./components/page.tsx";
import { StaleNotice } from "./components/stale-notice.tsx";
import { Toasts } from "./components/toasts.tsx";
import { timeZone } from "./format/time-zone.ts";
import { NotFound } from "./pages/not-found.tsx";
import { ROUTES } from "./routes.ts";
import { decodePart } from "./routing/decode.ts";
import { useHashLocation } from "./routing/hash-location.ts";
import { scopedPath } from "./routing/scope.ts";
import { homeExperiment } from "./settings/home-experiment.ts";
import { Overlays } from "./shell/overlays.tsx";
import { Sidebar } from "./shell/sidebar.tsx";

/** The whole dashboard. */
export function App(): JSX.Element {
  // Every time on the page is written anew when the clock changes.
  useObservable(timeZone);
  return (
    <Router hook={useHashLocation}>
      <div class="shell">
        <SkipLink />
        <Sidebar />
        <main id="content" tabIndex={-1}>
          <StaleNotice />
          <Pages />
        </main>
        <Overlays />
      </div>
      <Toasts />
    </Router>
  );
}

/** Past the navigation. A link would have to leave the route, which is in the hash. */
function SkipLink(): JSX.Element {
  return (
    <button
      type="button"
      class="button skip-link"
      onClick={() => document.querySelector("main")?.focus()}
    >
      Skip to the page
    </button>
  );
}

function Pages(): JSX.Element {
  const [error, reset] = useErrorBoundary();
  const [path] = useLocation();
  const search = useSearch();
  const again = (): void => {
    // The answer that could not be drawn must not be drawn again.
    queryClient.removeQueries({ type: "inactive" });
    reset();
  };
  useEffect(() => {
    // It belongs to its address: other pages are as they were.
    if (error !== undefined) again();
  }, [path, search]);
  if (error !== undefined) {
    return (
      <PageFrame title="This page could not be drawn">
        <ErrorNotice error={error as Error} retry={again} />
      </PageFrame>
    );
  }
  return (
    <Switch>
      {ROUTES.map(({ path, page: Page }) => (
        <Route key={path} path={path}>
          {(params) => <Page key={JSON.stringify(params)} params={decode(params)} />}
        </Route>
      ))}
      <Route path="/experiments/:experimentId">
        {/* MLflow's clients print this address. */}
        {({ experimentId = "" }) => (
          <Redirect to={scopedPath("runs", { experimentId: decodePart(experimentId) })} replace />
        )}
      </Route>
      <Route path="/">
        {() => (
          <Redirect to={scopedPath("overview", { experimentId: homeExperiment.get() })} replace />
        )}
      </Route>
      <Route>
        <NotFound />
      </Route>
    </Switch>
  );
}

/** Params come as they stand in the URL. */
function decode(params: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(params).map(([name, value = ""]) => [name, decodePart(value)]),
  );
}
