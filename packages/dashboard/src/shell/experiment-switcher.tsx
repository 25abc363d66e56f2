import type { JSX } from "preact";
import { useLocation } from "wouter-preact";
import { navigate } from "../routing/hash-location.ts";
import { SCOPED_PAGES, type Scope, type ScopedPage, scopedPath } from "../routing/scope.ts";
import { ExperimentMenu } from "./experiment-menu.tsx";

/** Chooses the experiment that runs, traces, sessions, users and evaluations are shown of, or all. */
export function ExperimentSwitcher({ scope }: { scope: Scope }): JSX.Element {
  const page = useScopedPage();
  return (
    <ExperimentMenu
      chosen={scope.experimentId}
      onChoose={(experimentId) => navigate(scopedPath(page, { experimentId }))}
    />
  );
}

/** The list that is open stays open when the experiment changes. */
function useScopedPage(): ScopedPage {
  const [path] = useLocation();
  return SCOPED_PAGES.find((page) => path.endsWith(`/${page}`)) ?? "overview";
}
