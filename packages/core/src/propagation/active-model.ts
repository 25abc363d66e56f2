import type { LoggedModel } from "@rivulet/domain";
import type { ActiveTraceContext } from "../context.ts";
import { idSchema, parseInput } from "../validation.ts";
import { joinTraceFields } from "./join-trace-fields.ts";
import type { ActiveTrace, Propagation } from "./propagation.ts";

/** Says which logged model the traces of this client are of. */
export interface ActiveModels {
  /**
   * From now on, traces that begin in this client say in their metadata that they are of this logged model
   * (`mlflow.modelId`), unless they are told another. `undefined` ends that.
   *
   * @throws RivuletError `invalid_argument` for what is no id
   */
  setActiveModel(model: string | Pick<LoggedModel, "id"> | undefined): void;
  /**
   * Runs `work`, whose traces are of this logged model.
   *
   * @throws RivuletError `invalid_argument` for what is no id; whatever `work` throws
   */
  withActiveModel<T>(model: string | Pick<LoggedModel, "id">, work: () => T): T;
}

/** MLflow's key of a trace's metadata for the logged model that made it. */
const MODEL_KEY = "mlflow.modelId";

/** What is said of traces, together with the model that is active for all of them. */
export interface ModelContext extends ActiveTraceContext {
  setModel(id: string | undefined): void;
}

/** Adds the model that is active in all of a client to what is said of traces around the code. */
export function createModelContext(around: ActiveTraceContext): ModelContext {
  let everywhere: ActiveTrace | undefined;
  return {
    run: (fields, work) => around.run(fields, work),
    getStore: () => {
      const fields = around.getStore();
      if (everywhere === undefined) return fields;
      return fields === undefined ? everywhere : joinTraceFields(everywhere, fields);
    },
    setModel: (id) => {
      everywhere = id === undefined ? undefined : ofModel(id);
    },
  };
}

/** The verbs of a client. */
export function createActiveModels(
  models: Pick<ModelContext, "setModel">,
  { withTrace }: Pick<Propagation, "withTrace">,
): ActiveModels {
  return {
    setActiveModel: (model) => models.setModel(model === undefined ? undefined : idOf(model)),
    withActiveModel: (model, work) => withTrace(ofModel(idOf(model)), work),
  };
}

function ofModel(id: string): ActiveTrace {
  return { metadata: { [MODEL_KEY]: id } };
}

function idOf(model: string | Pick<LoggedModel, "id">): string {
  return parseInput(idSchema, typeof model === "string" ? model : model?.id, "model");
}
