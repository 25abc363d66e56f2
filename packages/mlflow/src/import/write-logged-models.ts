import { messageOf, RivuletError, storeOf } from "@rivulet/core";
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
  const { runId, isDeleted, artifactUri, points, path, ...facts } = given;
  const { runs, loggedModels } = await storeOf(writing.rivulet);
  const run = runId === undefined ? undefined : await runs.get(runId);
  if (runId === undefined || run === undefined) {
    throw new RivuletError("not_found", "the run that made it is not there");
  }
  const { id } = facts;
  const artifactPath = `models/${id}`;
  const known = await loggedModels.get(id);
  const { experimentId, lifecycleStage } = run;
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
