import { messageOf, RivuletError, type Run, storeOf } from "@rivulet/core";
import type { SourceLoggedModel } from "./source.ts";
import { type RunWriting, writeFiles } from "./write-runs.ts";

/** Writes logged models: their files become files of their run, in a folder of the model. */
export async function writeLoggedModels(writing: RunWriting): Promise<void> {
  for (const model of writing.source.loggedModels()) {
    try {
      await writeLoggedModel(model, writing);
      writing.tally.add("loggedModels");
    } catch (error) {
      writing.tally.skip(model.path, messageOf(error));
    }
  }
}

async function writeLoggedModel(given: SourceLoggedModel, writing: RunWriting): Promise<void> {
  const { runId: _maker, isDeleted, artifactUri, points, path, ...facts } = given;
  const { runs, loggedModels } = await storeOf(writing.rivulet);
  const { id } = facts;
  const run = await runOf(given, writing);

  const artifactPath = `models/${id}`;
  const known = await loggedModels.get(id);
  const { id: runId, experimentId, lifecycleStage } = run;
  if (known === undefined) {
    const record = { ...facts, runId, experimentId, artifactPath, metrics: [] };
    await loggedModels.create({ ...record, lifecycleStage: "active" });
  }
  const isOpen = lifecycleStage === "active" && known?.lifecycleStage !== "deleted";
  if (artifactUri !== undefined) {
    const files = { runId, path, uri: artifactUri, place: id, prefix: `${artifactPath}/` };
    await writeFiles(files, { ...writing, isOpen });
  }
  if (!isOpen) return;
  for (const { runId: measuredBy, ...point } of points) {
    await runs.logBatch({ runId: measuredBy === "" ? runId : measuredBy, metrics: [point] });
  }
  if (isDeleted) {
    await loggedModels.update({ id, lifecycleStage: "deleted", updatedAt: facts.updatedAt });
  }
}

/** The run that made a model. One that was logged without any gets a run of its own, which has its name and digits. */
async function runOf(
  { id, runId: maker, experimentId, name, createdAt }: SourceLoggedModel,
  { rivulet, targets }: RunWriting,
): Promise<Run> {
  const { runs } = await storeOf(rivulet);
  const runId = maker ?? id.replace(/^m-/, "");
  const known = await runs.get(runId);
  if (known !== undefined) return known;
  if (maker !== undefined) {
    throw new RivuletError("not_found", `the run that made it is not there: ${maker}`);
  }
  const target = targets.get(experimentId);
  if (target === undefined) {
    throw new RivuletError("not_found", `its experiment ${experimentId} is not there`);
  }
  const run: Run = {
    id: runId,
    experimentId: target.id,
    name,
    status: "finished",
    startTime: createdAt,
    endTime: createdAt,
    lifecycleStage: "active",
    params: {},
    tags: { "mlflow.modelWithoutRun": id },
    metrics: {},
  };
  await runs.create(run);
  return run;
}
