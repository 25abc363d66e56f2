import type {
  InputDataset,
  LoggedModel,
  MetricDeclarations,
  Run,
  RunStatus,
} from "@rivulet/domain";
import type { RunFiles } from "../artifacts/run-files.ts";
import type { InputOptions } from "../inputs/run-inputs.ts";
import type { LogModelOptions } from "../logged-models/logged-models.ts";
import type { ModelFiles } from "../logged-models/model-files.ts";
import type { Params } from "../params.ts";
import type { Tags } from "../validation.ts";
import type { MetricOptions } from "./metric-points.ts";

/** A value of {@link Params}. Of objects only those are taken that JSON can say. */
export type ParamValue = string | number | bigint | boolean | null | undefined | object;

/** Handle of a started run. */
export interface ActiveRun extends RunFiles {
  /** 32 hex digits, ordered by time. */
  readonly id: string;
  /** The experiment it belongs to. */
  readonly experimentId: string;
  /** Its name when it was started. */
  readonly name: string;
  /**
   * Records one point without waiting; durable after `flush()` or `finish()`. Any number is a value, NaN and ±Infinity
   * included. Never throws: what cannot be logged (a value that is no number, a bad key, step or timestamp) is told to
   * `onError`, with the key and the step.
   *
   * A point without a step gets the next one of its key: 0, then one more than the highest step that was logged through
   * this handle, or that the run had when it was resumed.
   */
  logMetric(key: string, value: number, options?: MetricOptions): void;
  /** The same for several metrics. One that cannot be logged does not keep the others from it. */
  logMetrics<T extends { readonly [K in keyof T]: number }>(
    values: T,
    options?: MetricOptions,
  ): void;
  /**
   * Writes params, each once: see {@link Params}.
   *
   * @throws RivuletError `conflict` for a param that already has another value; `invalid_argument` for one of more than
   * 6,000 characters, and for what cannot be said as text
   */
  logParams<T extends { readonly [K in keyof T]: ParamValue }>(params: T): Promise<void>;
  /**
   * Says which way metrics are better, for all runs of the experiment: `{ loss: { better: "lower" } }`. What was
   * declared of other metrics stays.
   *
   * @throws RivuletError `invalid_argument`; `limit_exceeded` for more than 1,000 metrics in the experiment
   */
  declareMetrics(metrics: MetricDeclarations): Promise<void>;
  /** Adds or overwrites tags; numbers and booleans are stored as text. */
  setTags<T extends { readonly [K in keyof T]: Tags[string] }>(tags: T): Promise<void>;
  /**
   * Says that the run was given a dataset, such as `inputDataset.fromRows` describes it.
   *
   * @throws RivuletError `invalid_argument`; `conflict` when the run is deleted
   */
  logInput(dataset: InputDataset, options?: InputOptions): Promise<void>;
  /**
   * Keeps a model of this run: its files become artifacts below `artifactPath`, and its record says when they are there.
   *
   * @param name for people to read, and the folder unless `artifactPath` says otherwise
   * @param files the path of a folder or file on disk, or content by path: `{ "model.json": text }`
   * @throws RivuletError as `logArtifact`; the model is then kept with the status `upload_failed` and the reason
   */
  logModel(name: string, files: ModelFiles, options?: LogModelOptions): Promise<LoggedModel>;
  /** Says what there is to know of the run, in Markdown. Empty removes it. */
  setNote(markdown: string): Promise<void>;
  /** Ends the run. @default 'finished' */
  finish(status?: Exclude<RunStatus, "running" | "scheduled">): Promise<Run>;
}
