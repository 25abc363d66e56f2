import type { Params } from "@rivulet/core";
import type { ModelLike } from "./tf-types.ts";

/** Arguments of a fit that are params of the run. */
const LOGGED = [
  "epochs",
  "batchSize",
  "validationSplit",
  "shuffle",
  "initialEpoch",
  "stepsPerEpoch",
  "batchesPerEpoch",
];

/** What is known of a fit before it begins: optimizer, learning rate, loss, layers, and the arguments that are plain. */
export function fitParams(model: ModelLike, fitted: object = {}): Params {
  const params: Record<string, string | number | boolean> = { ...argumentsOf(fitted) };
  const optimizer = nameOf(model.optimizer);
  if (optimizer !== undefined) params["optimizer"] = optimizer;
  const rate = numberIn(model.optimizer, "learningRate");
  if (rate !== undefined) params["learning_rate"] = rate;
  if (typeof model.loss === "string") params["loss"] = model.loss;
  if (model.layers !== undefined) params["layers"] = model.layers.length;
  const weights = countOf(model);
  if (weights !== undefined) params["weights"] = weights;
  return { ...params, ...earlyStopOf(fitted) };
}

function argumentsOf(fitted: object): Params {
  const entries = LOGGED.flatMap((name) => {
    const value: unknown = Reflect.get(fitted, name);
    return isPlain(value) ? [[name, value] as const] : [];
  });
  return Object.fromEntries(entries);
}

function isPlain(value: unknown): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

/** The class's own name for itself; minified classes have no other. */
function nameOf(optimizer: unknown): string | undefined {
  if (typeof optimizer !== "object" || optimizer === null) return undefined;
  const { className } = optimizer.constructor as { readonly className?: unknown };
  return typeof className === "string" ? className : optimizer.constructor.name;
}

function numberIn(holder: unknown, field: string): number | undefined {
  if (typeof holder !== "object" || holder === null) return undefined;
  const value: unknown = Reflect.get(holder, field);
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** A model that was not built yet throws. */
function countOf(model: ModelLike): number | undefined {
  try {
    return model.countParams?.();
  } catch {
    return undefined;
  }
}

/** What `tf.callbacks.earlyStopping` watches, where it is among the callbacks. */
function earlyStopOf(fitted: object): Params {
  const callbacks: unknown = Reflect.get(fitted, "callbacks");
  for (const callback of [callbacks].flat() as unknown[]) {
    if (typeof callback !== "object" || callback === null) continue;
    if (!("patience" in callback && "monitor" in callback)) continue;
    return {
      early_stop_monitor: String(callback.monitor),
      early_stop_patience: Number(callback.patience),
    };
  }
  return {};
}
