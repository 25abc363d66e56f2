import type { JSX } from "preact";
import { Segmented } from "../../../components/segmented.tsx";
import { useQueryState } from "../../../routing/query-state.ts";

const VIEWS = [
  { value: "", label: "Tree" },
  { value: "graph", label: "Graph" },
] as const;

/** How the spans of a trace are shown, kept in the URL. */
export function useSpanView(): readonly [isGraph: boolean, set: (view: string) => void] {
  const [view, setView] = useQueryState("spans");
  return [view === "graph", setView];
}

/** Chooses between the tree and the graph. */
export function SpanViews(): JSX.Element {
  const [isGraph, setView] = useSpanView();
  return (
    <Segmented label="Spans as" choices={VIEWS} value={isGraph ? "graph" : ""} onChange={setView} />
  );
}
