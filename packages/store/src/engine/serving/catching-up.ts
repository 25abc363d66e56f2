import type { CatchUp } from "../../port/backend.ts";

/** Does what lags behind the rows, beside everything else. */
export interface CatchingUp {
  /** Something was written. */
  worked(): void;
  /** Resolves when no step is under way any more. */
  stop(): Promise<void>;
}

/** What {@link createCatchingUp} works with. */
export interface CatchingUpParts {
  readonly step: () => Promise<CatchUp>;
  /** Told why a step failed, not again until one does not. */
  readonly onError: (error: unknown) => void;
}

/** Nothing was written for so long: others do not wait. */
const QUIET_MS = 100;
/** While there is other work, this many times as long as a step took is left to it. */
const SHARE = 20;
/** What must rest first is looked for after this time. */
const LATER_MS = 500;
/** What another process has left when it ended is looked for now and then. */
const LOOK_EVERY_MS = 60_000;

/** Begins with what was left the last time. */
export function createCatchingUp({ step, onError }: CatchingUpParts): CatchingUp {
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

/** How long to wait for the next step, in milliseconds. */
function pauseAfter(outcome: CatchUp, begun: number, workedAt: number): number {
  if (outcome === "later") return LATER_MS;
  // What was written during the step is known with the next.
  if (outcome === "done") return workedAt >= begun ? LATER_MS : LOOK_EVERY_MS;
  const now = performance.now();
  return now - workedAt < QUIET_MS ? (now - begun) * SHARE : 0;
}

/** A step that does not fail, but is tried again later. */
function reporting(
  step: CatchingUpParts["step"],
  onError: CatchingUpParts["onError"],
): () => Promise<CatchUp> {
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
