import { type ActiveRun, type Rivulet, RivuletError } from "@rivulet/core";
import { type FitLogging, rivuletCallback } from "./fit-callback.ts";
import { fitParams } from "./fit-params.ts";
import { logTfjsModel } from "./log-model.ts";
import type { FitCallbacks, ModelLike } from "./tf-types.ts";
import { type CallbackClass, withCallback } from "./with-callback.ts";

/** What is used of a class. */
export interface ClassLike {
  /** Its methods. */
  readonly prototype: object;
}

/** What of TensorFlow.js is patched: `import * as tf from "@tensorflow/tfjs"` has it. */
export interface TensorFlow {
  /** The class of models. */
  readonly LayersModel: ClassLike;
  /** The class of models that are a row of layers. */
  readonly Sequential: ClassLike;
  /** The class of callbacks. */
  readonly CustomCallback: CallbackClass;
}

/** Options of {@link autolog}. */
export interface AutologOptions extends Pick<FitLogging, "batches"> {
  /** The run that every fit is logged to. @default that of the `runs.with` around the fit, else a run for each fit */
  readonly run?: ActiveRun;
  /** Name of the experiment of the runs. @default that of the run around the code, else 'Default' */
  readonly experiment?: string;
  /** Whether the model is kept with its weights when its fit has ended. @default true */
  readonly models?: boolean;
}

/** What is used of a client. */
export type AutologClient = Pick<Rivulet, "runs" | "activeRun" | "reportError">;

/** A patch that can be taken back. */
export interface Autolog {
  /** Gives TensorFlow.js its own methods back. Fits that have begun are logged to their end. */
  stop(): void;
}

type Fit = (this: ModelLike, ...given: unknown[]) => Promise<unknown>;

/** Methods that fit, and where their options stand. */
const FITS = [
  { name: "fit", at: 2 },
  { name: "fitDataset", at: 1 },
] as const;

const patched = new WeakSet<object>();

/**
 * Logs every `fit` and `fitDataset` from now on: params, losses and metrics of each epoch, and the model at the end. It
 * replaces these methods on the prototypes of `LayersModel` and `Sequential` until `stop()`. What fit gives or throws
 * stays what it is; what cannot be logged goes to the client's `onError`.
 *
 * ```ts
 * const logging = autolog(tf, rivulet, { experiment: "iris" });
 * ```
 *
 * @throws RivuletError `conflict` when this TensorFlow.js is patched already
 */
export function autolog(
  tf: TensorFlow,
  rivulet: AutologClient,
  options: AutologOptions = {},
): Autolog {
  if (patched.has(tf.LayersModel.prototype)) {
    throw new RivuletError("conflict", "autolog is on for this TensorFlow.js: stop() it first.");
  }
  const fits = new LoggedFits(tf, rivulet, options);
  const prototypes = [tf.LayersModel.prototype, tf.Sequential.prototype];
  const restore = prototypes.flatMap((prototype) =>
    FITS.map(({ name, at }) => patch(prototype, name, (fit) => fits.wrap(fit, at))),
  );
  patched.add(tf.LayersModel.prototype);
  return {
    stop: () => {
      for (const one of restore) one();
      patched.delete(tf.LayersModel.prototype);
    },
  };
}

/** Replaces a method. Returns what puts the original back, unless somebody else has replaced it since. */
function patch(prototype: object, name: string, wrap: (fit: Fit) => Fit): () => void {
  const known = Object.getOwnPropertyDescriptor(prototype, name);
  if (typeof known?.value !== "function") return () => undefined;
  const replacement = wrap(known.value as Fit);
  Object.defineProperty(prototype, name, { ...known, value: replacement });
  return () => {
    if (Reflect.get(prototype, name) === replacement) Object.defineProperty(prototype, name, known);
  };
}

class LoggedFits {
  readonly #tf: TensorFlow;
  readonly #rivulet: AutologClient;
  readonly #options: AutologOptions;
  /** A row of layers fits the model inside it, before it gives anything back. */
  #isInside = false;

  constructor(tf: TensorFlow, rivulet: AutologClient, options: AutologOptions) {
    this.#tf = tf;
    this.#rivulet = rivulet;
    this.#options = options;
  }

  wrap(fit: Fit, at: number): Fit {
    const fits = this;
    return function logged(this: ModelLike, ...given) {
      return fits.#isInside ? fit.apply(this, given) : fits.#fit({ model: this, fit, given, at });
    };
  }

  async #fit({ model, fit, given, at }: GivenFit): Promise<unknown> {
    const options = Object(given[at]) as object;
    const started = this.#start(model, options);
    const added = withCallback(this.#tf.CustomCallback, options, this.#callback(started));
    // They may end before the place of the options.
    const all = Object.assign([...given], { [at]: added });
    try {
      const result = await this.#inside(() => fit.apply(model, all));
      await this.#end(await started, model);
      return result;
    } catch (error) {
      await this.#attempt(async () => this.#finish(await started, "failed"));
      throw error;
    }
  }

  #inside<T>(work: () => T): T {
    this.#isInside = true;
    try {
      return work();
    } finally {
      this.#isInside = false;
    }
  }

  /** The fit need not wait for its run. */
  async #start(model: ModelLike, options: object): Promise<Started | undefined> {
    const { experiment } = this.#options;
    return this.#attempt(async () => {
      const given = this.#options.run ?? this.#rivulet.activeRun();
      const run =
        given ?? (await this.#rivulet.runs.start(experiment === undefined ? {} : { experiment }));
      await this.#attempt(() => run.logParams(fitParams(model, options)));
      return { run, isOwn: given === undefined };
    });
  }

  #callback(started: Promise<Started | undefined>): FitCallbacks {
    const { batches = false } = this.#options;
    const later: Pick<ActiveRun, "logMetrics"> = {
      logMetrics: (values, options) => {
        const timed = { timestamp: Date.now(), ...options };
        started
          .then((logged) => logged?.run.logMetrics(values, timed))
          .catch(this.#rivulet.reportError);
      },
    };
    return rivuletCallback(later, { batches, onError: this.#rivulet.reportError });
  }

  async #end(started: Started | undefined, model: ModelLike): Promise<void> {
    if (started !== undefined && this.#options.models !== false) {
      await this.#attempt(() => logTfjsModel(started.run, model));
    }
    await this.#attempt(() => this.#finish(started, "finished"));
  }

  /** A run that was there before goes on. */
  async #finish(started: Started | undefined, status: "finished" | "failed"): Promise<void> {
    if (started?.isOwn === true) await started.run.finish(status);
  }

  async #attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      this.#rivulet.reportError(error);
      return undefined;
    }
  }
}

interface Started {
  readonly run: ActiveRun;
  /** It was started for the fit, and ends with it. */
  readonly isOwn: boolean;
}

interface GivenFit {
  readonly model: ModelLike;
  readonly fit: Fit;
  readonly given: unknown[];
  /** Where the options stand among what was given. */
  readonly at: number;
}
