import type { ActiveRun } from "@rivulet/core";
import type { FitCallbacks, Logs } from "./tf-types.ts";

/** What of a fit is logged. */
export interface FitLogging {
  /** A point for each batch, too: `batch_loss` and so on. @default false */
  readonly batches?: boolean;
  /** In front of the names of metrics, such as `fold1/`. @default none */
  readonly prefix?: string;
  /** Told of what could not be logged; the fit goes on. @default nobody is */
  readonly onError?: (error: unknown) => void;
}

/**
 * Callbacks for `model.fit` and `fitDataset` that log the losses and metrics of each epoch to a run, `val_…` included;
 * the step is the epoch. A loss that is NaN is logged as such. Nothing in here changes or ends the fit.
 *
 * ```ts
 * await model.fit(xs, ys, { epochs: 10, callbacks: rivuletCallback(run) });
 * ```
 */
export function rivuletCallback(
  run: Pick<ActiveRun, "logMetrics">,
  { batches = false, prefix = "", onError = () => undefined }: FitLogging = {},
): FitCallbacks {
  let batch = 0;
  const log = (logs: Logs | undefined, step: number, before: string): void => {
    try {
      const values = numbersIn(logs, before);
      if (Object.keys(values).length > 0) run.logMetrics(values, { step });
    } catch (error) {
      onError(error);
    }
  };
  const epochs: FitCallbacks = {
    onEpochEnd: (epoch, logs) => log(logs, epoch, prefix),
  };
  if (!batches) return epochs;
  return {
    ...epochs,
    onBatchEnd: (_, logs) => {
      log(logs, batch, `${prefix}batch_`);
      batch += 1;
    },
  };
}

/** Where it runs in a batch, and how large that is, are no results. */
const NO_RESULTS: readonly string[] = ["batch", "size"];

function numbersIn(logs: Logs = {}, before: string): Readonly<Record<string, number>> {
  const entries = Object.entries(logs).flatMap(([name, value]) =>
    typeof value === "number" && !NO_RESULTS.includes(name)
      ? [[`${before}${name}`, value] as const]
      : [],
  );
  return Object.fromEntries(entries);
}
