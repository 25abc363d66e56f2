import type { Context } from "../context.ts";
import { createSampler } from "./sampler.ts";

/** Which facts of the machine and the process are recorded with a run. */
export interface SystemMetricsOptions {
  /** Milliseconds between two samples, from 100. @default 10000 */
  readonly intervalMs?: number;
  /** Whether GPUs are asked by `nvidia-smi`, where it is there. @default true */
  readonly gpu?: boolean;
}

/** Values by the name of their metric. */
export type Sample = Readonly<Record<string, number>>;

/** Takes samples; the first says only what needs no comparison with an earlier one. */
export interface Sampler {
  /** What is known now. */
  take(): Promise<Sample>;
  /** Ends what it watches. */
  close(): void;
}

/** What taking samples of a run depends on. */
export interface Monitoring extends Pick<Context, "reportError" | "isClosed"> {
  /** Logs a sample to the run. */
  readonly log: (sample: Sample) => void;
  /** Takes the samples. @default of this machine and this process */
  readonly sampler?: Sampler;
}

const INTERVAL_MS = 10_000;

/**
 * Takes samples until it is stopped or the client is closed. A sample that takes longer than the interval is waited for.
 *
 * @returns stops it
 */
export function monitorSystem(
  { intervalMs = INTERVAL_MS, gpu = true }: SystemMetricsOptions,
  { log, reportError, isClosed, sampler = createSampler({ gpu }) }: Monitoring,
): () => void {
  let isTaking = false;
  let isStopped = false;

  const take = async (): Promise<void> => {
    if (isTaking) return;
    isTaking = true;
    try {
      const sample = await sampler.take();
      if (!isStopped) log(sample);
    } catch (error) {
      reportError(error);
    } finally {
      isTaking = false;
    }
  };
  const stop = (): void => {
    if (isStopped) return;
    isStopped = true;
    clearInterval(timer);
    sampler.close();
  };
  const timer = setInterval(() => (isClosed() ? stop() : void take()), intervalMs);
  timer.unref();
  void take();
  return stop;
}
