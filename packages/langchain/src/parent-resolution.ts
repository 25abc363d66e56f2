import type { ActiveSpan, Rivulet, SpanParent } from "@rivulet/core";
import { currentRunId } from "./langchain-context.ts";
import type { RunTable } from "./run-table.ts";

/**
 * The span that encloses the running code: that of the LangChain run it is in, or `own` (which Rivulet
 * itself made active) when that was opened inside this run.
 */
export function enclosingSpan(
  table: RunTable,
  own: ActiveSpan | undefined,
): ActiveSpan | undefined {
  const runId = currentRunId();
  const span = table.enclosing(runId)?.span;
  if (span === undefined || span.ended) return own;
  return isInside(own, span) ? own : span;
}

/** What a run hangs under that LangChain says started under `parentRunId`. */
export function placeOfRun(
  rivulet: Rivulet,
  table: RunTable,
  parentRunId: string | undefined,
): SpanParent | undefined {
  const own = rivulet.activeSpan();
  const place = table.place(parentRunId);
  return place === undefined || isInside(own, place) ? own : place;
}

function isInside(own: ActiveSpan | undefined, outer: SpanParent): own is ActiveSpan {
  return own !== undefined && !own.ended && own.isWithin(outer);
}
