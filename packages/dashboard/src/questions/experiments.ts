import type { Better, Experiment, StringMap } from "@rivulet/core";
import { rivulet } from "../api/client.ts";
import { refresh } from "../api/query-client.ts";

/** The tag in which MLflow, too, keeps what people write about an experiment. */
const NOTES = "mlflow.note.content";

/** What people write about an experiment, as text in Markdown. */
export function notesOf({ tags }: Pick<Experiment, "tags">): string {
  return tags[NOTES] ?? "";
}

/** Its tags without the notes. */
export function labelsOf({ tags }: Pick<Experiment, "tags">): StringMap {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => key !== NOTES));
}

/** What can be written about an experiment. */
export interface ExperimentText {
  readonly name: string;
  readonly notes: string;
  /** Without the notes. */
  readonly tags: StringMap;
  /** Key of a metric → which way it improves. */
  readonly metrics: Readonly<Record<string, Better>>;
}

export function textOf(experiment: Experiment): ExperimentText {
  const metrics = Object.entries(experiment.metrics).map(([key, { better }]) => [key, better]);
  return {
    name: experiment.name,
    notes: notesOf(experiment),
    tags: labelsOf(experiment),
    metrics: Object.fromEntries(metrics),
  };
}

export async function createExperiment(text: ExperimentText): Promise<Experiment> {
  const made = await rivulet.experiments.create({
    name: text.name,
    tags: allTags(text),
    metrics: declared(text),
  });
  await refresh("experiment");
  return made;
}

/** Makes `after` of `before`; a `conflict` when somebody else has changed it since. */
export async function updateExperiment(
  before: Experiment,
  after: ExperimentText,
): Promise<Experiment> {
  const tags = allTags(after);
  const updated = await rivulet.experiments.update(before.id, {
    ...(after.name !== before.name && { name: after.name }),
    tags,
    removeTags: Object.keys(before.tags).filter((key) => !Object.hasOwn(tags, key)),
    metrics: declared(after),
    removeMetrics: Object.keys(before.metrics).filter((key) => !Object.hasOwn(after.metrics, key)),
    expected: before.updatedAt,
  });
  await refresh("experiment");
  return updated;
}

/** Says which way a metric improves, or that nobody knows. */
export async function declareBetter({
  experimentId,
  metric,
  better,
}: {
  readonly experimentId: string;
  readonly metric: string;
  readonly better: Better | undefined;
}): Promise<void> {
  await rivulet.experiments.update(
    experimentId,
    better === undefined ? { removeMetrics: [metric] } : { metrics: { [metric]: { better } } },
  );
  await refresh("experiment");
}

function allTags({ tags, notes }: ExperimentText): StringMap {
  return notes.trim() === "" ? tags : { ...tags, [NOTES]: notes };
}

function declared({ metrics }: ExperimentText): Record<string, { better: Better }> {
  return Object.fromEntries(Object.entries(metrics).map(([key, better]) => [key, { better }]));
}

/** Hides an experiment and its runs. */
export async function deleteExperiment(id: string): Promise<void> {
  await rivulet.experiments.delete(id);
  await refresh("experiment");
}

export async function restoreExperiment(id: string): Promise<void> {
  await rivulet.experiments.restore(id);
  await refresh("experiment");
}
