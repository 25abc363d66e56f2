import { statSync } from "node:fs";
import type { Backend } from "../../port/backend.ts";
import { logPath } from "./open-file.ts";

/** Length of the write-ahead log at which it is checkpointed even while work goes on. */
const MAX_LOG_BYTES = 64 * 1024 * 1024;
/** Batches between two checks of its length. */
const LOOK_EVERY = 64;

/** A backend that checkpoints a long log without waiting for idle time. */
export function foldingLongLog(backend: Backend, path: string): Backend {
  let batches = 0;
  return {
    ...backend,
    async take(batch) {
      const outcome = await backend.take(batch);
      batches += 1;
      if (batches % LOOK_EVERY === 0 && logBytes(path) > MAX_LOG_BYTES) await backend.tidy();
      return outcome;
    },
  };
}

function logBytes(path: string): number {
  return statSync(logPath(path), { throwIfNoEntry: false })?.size ?? 0;
}
