import { messageOf, type Rivulet, RivuletError, type StringMap, storeOf } from "@rivulet/core";
import type { Tally } from "./report.ts";
import type { MlflowSource, SourceExperiment } from "./source.ts";

/** Where the runs of an experiment go. */
export interface Target {
  /** Id of the experiment in the store: MLflow's, unless that is another's there. */
  readonly id: string;
  /** Whether it is deleted there already, and takes no runs. */
  readonly isClosed: boolean;
  /** Whether it is to be deleted when its runs are in it. */
  readonly isDeleted: boolean;
  /** When MLflow has changed it last. */
  readonly updatedAt: number;
}

/** Writes the experiments, and gives for each of MLflow's ids where its runs go. */
export async function writeExperiments(
  rivulet: Rivulet,
  source: MlflowSource,
  tally: Tally,
): Promise<ReadonlyMap<string, Target>> {
  const targets = new Map<string, Target>();
  for (const experiment of source.experiments()) {
    try {
      targets.set(experiment.id, await targetOf(rivulet, experiment));
      tally.add("experiments");
    } catch (error) {
      tally.skip(`experiment ${experiment.id} "${experiment.name}"`, messageOf(error));
    }
  }
  return targets;
}

/** Another import may be faster; then its experiment is taken. */
async function targetOf(rivulet: Rivulet, given: SourceExperiment): Promise<Target> {
  try {
    return await writeExperiment(rivulet, given);
  } catch (error) {
    if (!(error instanceof RivuletError && error.code === "already_exists")) throw error;
    return writeExperiment(rivulet, given);
  }
}

async function writeExperiment(rivulet: Rivulet, given: SourceExperiment): Promise<Target> {
  const { experiments } = await storeOf(rivulet);
  const { id, name, isDeleted, ...facts } = given;
  const known = await experiments.findByName(name);
  if (known !== undefined) {
    const isClosed = known.lifecycleStage === "deleted";
    const tags = withoutThose(given.tags, known.tags);
    if (!isClosed && Object.keys(tags).length > 0) {
      await experiments.update({ id: known.id, tags, updatedAt: rivulet.now() });
    }
    return { id: known.id, isClosed, isDeleted, updatedAt: given.updatedAt };
  }
  if (!/^\d+$/.test(id)) {
    throw new RivuletError("invalid_argument", `its id is not of digits: ${id}`);
  }
  const record = { name, lifecycleStage: "active", metrics: {}, ...facts } as const;
  if ((await experiments.get(id)) === undefined) {
    await experiments.create({ ...record, id });
    return { id, isClosed: false, isDeleted, updatedAt: given.updatedAt };
  }
  // An older import of another file, or somebody's own.
  const made = await rivulet.experiments.create({ name, tags: given.tags });
  return { id: made.id, isClosed: false, isDeleted, updatedAt: given.updatedAt };
}

function withoutThose(tags: StringMap, others: StringMap): StringMap {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !Object.hasOwn(others, key)));
}

/** Deletes those that MLflow has deleted, with the runs that are in them now. */
export async function closeExperiments(
  rivulet: Rivulet,
  targets: ReadonlyMap<string, Target>,
): Promise<void> {
  const { experiments } = await storeOf(rivulet);
  for (const { id, isClosed, isDeleted, updatedAt } of targets.values()) {
    if (!isDeleted || isClosed) continue;
    await experiments.update({ id, lifecycleStage: "deleted", updatedAt });
  }
}
