import { LIMITS, type LoggedModel, messageOf } from "@rivulet/domain";
import type { Context } from "../context.ts";
import { nameSchema, parseInput } from "../validation.ts";
import { modelFactsSchema } from "./logged-model-input.ts";
import type { LoggedModels, ModelFacts } from "./logged-models.ts";
import { type ArtifactWriter, type ModelFiles, readModelFiles } from "./model-files.ts";

/** What logging a model depends on. */
export interface ModelLogging {
  readonly context: Pick<Context, "reportError">;
  readonly artifacts: ArtifactWriter;
  readonly loggedModels: Pick<LoggedModels, "create" | "update">;
}

/** A model of a run. */
export interface ModelOfRun {
  readonly runId: string;
  readonly name: string;
  readonly files: ModelFiles;
  readonly options: ModelFacts;
}

/**
 * Stores the files of a model under its path, then says that it is ready. When a file cannot be stored, the model says
 * so and why.
 *
 * @throws RivuletError as `artifacts.put` and `loggedModels.create`
 */
export async function logModel(
  { context, artifacts, loggedModels }: ModelLogging,
  { runId, name, files, options }: ModelOfRun,
): Promise<LoggedModel> {
  const facts = parseInput(modelFactsSchema, options, "options");
  const label = parseInput(nameSchema(LIMITS.name), name, "name");
  const store = await readModelFiles(files);
  const model = await loggedModels.create({ ...facts, runId, name: label });
  try {
    await store(artifacts, { runId, path: model.artifactPath });
  } catch (error) {
    const statusMessage = messageOf(error).slice(0, LIMITS.description);
    // The reason why the files were not stored is what the caller must see.
    await loggedModels
      .update(model.id, { status: "upload_failed", statusMessage })
      .catch(context.reportError);
    throw error;
  }
  return loggedModels.update(model.id, { status: "ready" });
}
