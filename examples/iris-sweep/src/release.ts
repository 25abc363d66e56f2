import type { LoggedModel, ModelVersion, Rivulet } from "@rivulet/core";

/** Name of the registered model. */
export const MODEL = "iris";
/** The alias that the app uses. */
export const PRODUCTION = `${MODEL}@production`;

/** Registers a logged model as the next version. */
export function register(rivulet: Rivulet, model: LoggedModel): Promise<ModelVersion> {
  return rivulet.models.register({ name: MODEL, modelId: model.id });
}

/** No version gets into production that finds fewer than nine of ten test flowers. */
export async function guard(rivulet: Rivulet): Promise<void> {
  await rivulet.models.setGates(MODEL, [
    { alias: "production", requires: "metrics.test_accuracy >= 0.9" },
  ]);
}

/** @throws RivuletError `conflict` for a version that misses the gate */
export async function promote(rivulet: Rivulet, { version }: ModelVersion): Promise<void> {
  await rivulet.models.setAlias({ name: MODEL, alias: "production", version });
}
