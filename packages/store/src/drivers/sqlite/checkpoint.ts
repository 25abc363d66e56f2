import { statSync } from "node:fs";
import type { Backend } from "../../port/backend.ts";
import { logPath } from "./open-file.ts";

/** Length at which the write-ahead log is folded into the file while work goes on. */
const MAX_LOG_BYTES = 64 * 1024 * 1024;
/** Batches between two looks at its length. */
const LOOK_EVERY = 64;

/** A backend that does not wait for idle time to fold a log that has become long. */
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
