import type { StoreChange } from "../store.ts";
import type { RemoteCall } from "./remote-entities.ts";

/** Listeners of changes. */
export interface ChangeFeed {
  emit(change: StoreChange): void;
  /** An acknowledged write. */
  written(call: RemoteCall): void;
  subscribe(listener: (change: StoreChange) => void): () => void;
}

const ENTITIES: Readonly<Record<RemoteCall["entity"], StoreChange["entity"]>> = {
  experiments: "experiment",
  runs: "run",
  artifacts: "run",
  models: "model",
  prompts: "prompt",
  traces: "trace",
  assessments: "assessment",
  datasets: "dataset",
  evaluations: "evaluation",
};

/** Every kind of entity: what may have changed when another process wrote. */
export const ALL_ENTITIES: readonly StoreChange["entity"][] = [...new Set(Object.values(ENTITIES))];

interface FeedParts {
  readonly onError: (error: Error) => void;
  /** Called when the first listener comes and when the last one goes. */
  readonly onListening: (listening: boolean) => void;
}

/** A feed whose listeners cannot hurt each other or the store. */
export function changeFeed({ onError, onListening }: FeedParts): ChangeFeed {
  const listeners = new Set<(change: StoreChange) => void>();
  const emit = (change: StoreChange): void => {
    for (const listener of listeners) {
      try {
        listener(change);
      } catch (error) {
        onError(error instanceof Error ? error : new Error(String(error)));
      }
    }
  };
  return {
    emit,
    written: ({ entity, argument }) =>
      emit({ entity: ENTITIES[entity], ids: idsOf(entity, argument) }),
    subscribe(listener) {
      // Wrapped, so that the same function can listen twice.
      const own = (change: StoreChange): void => listener(change);
      listeners.add(own);
      if (listeners.size === 1) onListening(true);
      return () => {
        if (listeners.delete(own) && listeners.size === 0) onListening(false);
      };
    },
  };
}

function idsOf(entity: RemoteCall["entity"], argument: unknown): readonly string[] {
  if (typeof argument === "string") return entity === "assessments" ? [] : [argument];
  const items: readonly unknown[] = Array.isArray(argument) ? argument : [argument];
  return [...new Set(items.flatMap((item) => idOf(entity, item)))];
}

function idOf(entity: RemoteCall["entity"], item: unknown): readonly string[] {
  if (typeof item === "string") return [item];
  const record = (item ?? {}) as Readonly<Record<string, unknown>>;
  const keys = entity === "assessments" ? ["traceId"] : ["evaluationId", "runId", "name", "id"];
  // Experiments, runs, traces and evaluations have a name besides their id; the id is what is meant.
  const wanted = "id" in record && entity !== "assessments" ? ["id"] : keys;
  const id = wanted.map((key) => record[key]).find((value) => typeof value === "string");
  return typeof id === "string" ? [id] : [];
}
