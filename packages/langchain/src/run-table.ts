import type { ActiveSpan, Rivulet, SpanParent } from "@rivulet/core";
import { LRUCache } from "lru-cache";
import type { OpenRun, PassedRun } from "./open-run.ts";
import { createOpenRuns, type OpenRuns } from "./open-runs.ts";

/** What a client knows of LangChain's runs, whichever of its handlers was told of them. */
export interface RunTable extends OpenRuns {
  /** The run of this id, or if it has no span, the first above it that has one. */
  enclosing(runId: string | undefined): OpenRun | undefined;
  /** What hangs under the run of this id, also a moment after its end. */
  place(runId: string | undefined): SpanParent | undefined;
  /** Remembers a run that gets no span. */
  passOver(runId: string, run: PassedRun): void;
  /** Forgets a run without a span, and returns it. */
  takePassed(runId: string): PassedRun | undefined;
}

/** So many ended runs are remembered, for children that start late. */
const MAX_FORMER = 1_000;
/** So many runs without a span are remembered. */
const MAX_PASSED = 10_000;
/** Runs without spans have more of their kind above them only by mistake. */
const MAX_HOPS = 64;

/** The table of one client. */
export function createRunTable(rivulet: Rivulet): RunTable {
  const former = new LRUCache<string, SpanParent>({ max: MAX_FORMER });
  const passed = new LRUCache<string, PassedRun>({ max: MAX_PASSED });
  const open = createOpenRuns(rivulet, (run) => {
    if (canHaveChildren(run)) former.set(run.runId, placeOf(run.span));
  });

  /** Looks at the run, then at those above it as long as they have no span. */
  function find<T>(runId: string | undefined, look: (id: string) => T | undefined): T | undefined {
    let id = runId;
    for (let hops = 0; id !== undefined && hops < MAX_HOPS; hops++) {
      const found = look(id);
      if (found !== undefined) return found;
      id = passed.get(id)?.parentRunId;
    }
    return undefined;
  }

  return Object.freeze<RunTable>({
    ...open,
    enclosing: (runId) => find(runId, open.get),
    place: (runId) => find(runId, (id) => open.get(id)?.span ?? former.get(id)),
    passOver: (runId, run) => void passed.set(runId, run),
    takePassed(runId) {
      const run = passed.get(runId);
      if (run !== undefined) passed.delete(runId);
      return run;
    },
  });
}

/** Models start nothing under themselves. */
function canHaveChildren({ kind }: OpenRun): boolean {
  return kind !== "chat_model" && kind !== "llm";
}

/** Only what a child needs: the span itself holds input and output. */
function placeOf({ traceId, id, experimentId, sampled }: ActiveSpan): SpanParent {
  return { traceId, id, experimentId, sampled };
}
