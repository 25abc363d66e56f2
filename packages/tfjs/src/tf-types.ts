import type { io } from "@tensorflow/tfjs-core";

/** What a fit has logged of an epoch or a batch: numbers, and whatever else the user's own callbacks put there. */
export type Logs = Readonly<Record<string, unknown>>;

/** The callbacks that a fit calls. */
export interface FitCallbacks {
  /** When the first epoch is about to begin. */
  onTrainBegin?(logs?: Logs): void | Promise<void>;
  /** At the end of each epoch, with its losses and metrics. */
  onEpochEnd?(epoch: number, logs?: Logs): void | Promise<void>;
  /** At the end of each batch, with its losses and metrics. */
  onBatchEnd?(batch: number, logs?: Logs): void | Promise<void>;
  /** When the last epoch has ended. */
  onTrainEnd?(logs?: Logs): void | Promise<void>;
}

/** What is used of a layer. */
interface LayerLike {
  /** Its class, such as `Dense`. */
  getClassName?(): string;
}

/** What is used of a tensor that a model takes or gives. */
export interface TensorLike {
  /** Its name. */
  readonly name: string;
  /** Length of each dimension; null where it is free. */
  readonly shape: readonly (number | null)[];
  /** Type of its numbers. */
  readonly dtype?: string;
}

/** What is used of a model of TensorFlow.js: layers models, trained or not. */
export interface ModelLike {
  /** Its name. */
  readonly name?: string;
  /** Its layers. */
  readonly layers?: readonly LayerLike[];
  /** What `compile` was given. */
  readonly optimizer?: unknown;
  /** What `compile` was given. */
  readonly loss?: unknown;
  /** What it takes. */
  readonly inputs?: readonly TensorLike[];
  /** What it gives. */
  readonly outputs?: readonly TensorLike[];
  /** Number of its weights. */
  countParams?(): number;
  /** Writes it to a handler. */
  save(handler: io.IOHandler | string): Promise<unknown>;
}
