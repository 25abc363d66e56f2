import type { JSX } from "preact";
import { useErrorBoundary } from "preact/hooks";
import { Redirect, Route, Router, Switch } from "wouter-preact";
import { ErrorNotice } from "./components/notices.tsx";
import { NotFound } from "./pages/not-found.tsx";
import { ROUTES } from "./routes.ts";
import { useHashLocation } from "./routing/hash-location.ts";
import { Sidebar } from "./shell/sidebar.tsx";

/** The whole dashboard. */
export function App(): JSX.Element {
  return (
    <Router hook={useHashLocation}>
      <div class="shell">
        <Sidebar />
        <main id="content">
          <Pages />
        </main>
      </div>
    </Router>
  );
}

function Pages(): JSX.Element {
  const [error, reset] = useErrorBoundary();
  if (error !== undefined) return <ErrorNotice error={error as Error} retry={reset} />;
  return (
    <Switch>
      {ROUTES.map(({ path, page: Page }) => (
        <Route key={path} path={path}>
          {(params) => <Page key={JSON.stringify(params)} params={decode(params)} />}
        </Route>
      ))}
      <Route path="/">
        <Redirect to="/experiments" replace />
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

function decodePart(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
