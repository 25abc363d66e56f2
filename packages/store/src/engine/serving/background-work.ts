import type { BackgroundStep } from "../../port/backend.ts";

/** Does the work that lags behind the rows, between everything else. */
export interface BackgroundWork {
  /** Something was written. */
  worked(): void;
  /** Resolves when no step is running any more. */
  stop(): Promise<void>;
}

/** Options of {@link createBackgroundWork}. */
export interface BackgroundWorkParts {
  readonly step: () => Promise<BackgroundStep>;
  /** Called with the reason when a step has failed; not again before one has succeeded. */
  readonly onError: (error: unknown) => void;
}

/** After this time without writes, steps follow each other without a pause. */
const QUIET_MS = 100;
/** During other work, the pause after a step is this many times as long as the step. */
const SHARE = 20;
/** Pause before work that has to rest first. */
const LATER_MS = 500;
/** How often to look for work left behind by other processes. */
const LOOK_EVERY_MS = 60_000;

/** Starts with the work left over from last time. */
export function createBackgroundWork({ step, onError }: BackgroundWorkParts): BackgroundWork {
  const tryStep = reporting(step, onError);
  let timer: NodeJS.Timeout | undefined;
  let due = Number.POSITIVE_INFINITY;
  let workedAt = Number.NEGATIVE_INFINITY;
  let running: Promise<void> | undefined;
  let isStopped = false;

  const wait = (milliseconds: number): void => {
    if (isStopped || running !== undefined) return;
    clearTimeout(timer);
    due = performance.now() + milliseconds;
    timer = setTimeout(run, milliseconds).unref();
  };
  const run = (): void => {
    const begun = performance.now();
    running = tryStep().then((outcome) => {
      running = undefined;
      wait(pauseAfter(outcome, begun, workedAt));
    });
  };
  wait(LATER_MS);
  return {
    worked() {
      workedAt = performance.now();
      if (due - workedAt > LATER_MS) wait(LATER_MS);
    },
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}

/** Milliseconds until the next step. */
function pauseAfter(outcome: BackgroundStep, begun: number, workedAt: number): number {
  if (outcome === "later") return LATER_MS;
  // Whatever was written during the step is found by the next one.
  if (outcome === "done") return workedAt >= begun ? LATER_MS : LOOK_EVERY_MS;
  const now = performance.now();
  return now - workedAt < QUIET_MS ? (now - begun) * SHARE : 0;
}

/** A step that never rejects: after a failure it is tried again later. */
function reporting(
  step: BackgroundWorkParts["step"],
  onError: BackgroundWorkParts["onError"],
): () => Promise<BackgroundStep> {
  let isFailing = false;
  return async () => {
    try {
      const outcome = await step();
      isFailing = false;
      return outcome;
    } catch (error) {
      if (!isFailing) onError(error);
      isFailing = true;
      return "later";
    }
  };
}
