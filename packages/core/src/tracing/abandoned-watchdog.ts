import { RivuletError } from "@rivulet/domain";
import type { Context } from "../context.ts";

/** What {@link startAbandonedWatchdog} takes. */
export interface AbandonedWatchdogOptions {
  readonly context: Pick<Context, "store" | "now" | "reportError">;
  /** Age at which an open span counts as left. */
  readonly abandonAfterMs: number;
}

const FIRST_AFTER_MS = 5_000;
const MIN_PAUSE_MS = 60_000;

/**
 * Closes old spans in the store that no engine has recorded, such as those of a backup: soon after the start, and
 * now and then. The store itself closes those of an engine, when that is gone. Returns the way to stop it.
 */
export function startAbandonedWatchdog(options: AbandonedWatchdogOptions): () => void {
  const { context, abandonAfterMs } = options;
  const pause = Math.max(MIN_PAUSE_MS, abandonAfterMs / 4);
  let timer = setTimeout(round, FIRST_AFTER_MS).unref();
  let stopped = false;

  async function closeAbandoned(): Promise<void> {
    const before = context.now() - abandonAfterMs;
    const store = await context.store();
    if (!stopped) await store.traces.closeAbandoned({ before });
  }

  function round(): void {
    closeAbandoned()
      .catch((error: unknown) => {
        if (!isExpected(error)) context.reportError(error);
      })
      .finally(() => {
        if (!stopped) timer = setTimeout(round, pause).unref();
      });
  }

  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

/** The client is closed, or the store is open for reading only. */
function isExpected(error: unknown): boolean {
  return error instanceof RivuletError && (error.code === "closed" || error.code === "unsupported");
}
