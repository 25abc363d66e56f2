import { artifactSchema, modelVersionSchema, runSchema } from "@rivulet/core";
import * as z from "zod";
import type { Flower, IrisSplit } from "../iris.ts";
import { column, percent } from "../report.ts";
import type { Stage } from "../stage.ts";
import { MODEL_NAME } from "../tools.ts";
import { readClassifier } from "../training/classifier.ts";
import { measure } from "../training/measure.ts";
import {
  type Candidate,
  CONFUSION_PATH,
  MODEL_PATH,
  type TrainingResult,
  trainCandidates,
} from "../training/train-candidates.ts";

const seriesSchema = z.array(
  z.object({ key: z.string(), values: z.array(z.number()), total: z.number() }),
);
const confusionSchema = z.object({ matrix: z.array(z.array(z.number())) });

/** Trains the classifiers and puts the best into production. */
export async function trainStep(stage: Stage, split: IrisSplit): Promise<TrainingResult> {
  const result = await trainCandidates(stage.rivulet, split, (candidate) =>
    stage.tell(describe(candidate)),
  );
  const { best } = result;
  const { version } = await stage.rivulet.models.register({
    name: MODEL_NAME,
    runId: best.runId,
    artifactPath: MODEL_PATH,
    description: `${best.name}, chosen by its validation accuracy`,
    aliases: ["production"],
  });
  stage.tell(`${MODEL_NAME} version ${version} (${best.name}) is now in production`);
  for (const candidate of result.candidates) await checkRun(stage, candidate);
  await checkModel(stage, { best, version, test: split.test });
  return result;
}

function describe({ name, epochs, validation, test }: Candidate): string {
  return [
    column(name, 16),
    column(`${epochs} epochs`, 13),
    column(`validation ${percent(validation.accuracy)}`, 21),
    `test ${percent(test.accuracy)}`,
  ].join("");
}

async function checkRun({ api, checks }: Stage, candidate: Candidate): Promise<void> {
  const { name, runId, epochs, test } = candidate;
  const run = await api.read(`/runs/${runId}`, runSchema);
  checks.expect(`run ${name} is finished`, run.status === "finished", run.status);
  const accuracy = run.metrics["test/accuracy"];
  checks.expect(`run ${name} has its test accuracy`, accuracy === test.accuracy, accuracy);
  const series = await api.read(
    `/metric-series?runIds=${runId}&keys=train%2Floss&keys=validation%2Faccuracy`,
    seriesSchema,
  );
  const points = series.map(({ total }) => total);
  const isWhole = points.length === 2 && points.every((total) => total === epochs);
  checks.expect(`run ${name} has curves of ${epochs} epochs`, isWhole, points);
  const artifacts = await api.read(`/runs/${runId}/artifacts`, z.array(artifactSchema));
  const paths = artifacts.map(({ path }) => path);
  const hasBoth = [MODEL_PATH, CONFUSION_PATH].every((path) => paths.includes(path));
  checks.expect(`run ${name} keeps model and confusion matrix`, hasBoth, paths);
}

async function checkModel(
  { api, checks, rivulet }: Stage,
  made: {
    readonly best: Candidate;
    readonly version: number;
    readonly test: readonly Flower[];
  },
): Promise<void> {
  const { best, version, test } = made;
  const stored = await api.read(`/model-versions/${MODEL_NAME}@${version}`, modelVersionSchema);
  const isAliased = stored.aliases.includes("production") && stored.runId === best.runId;
  checks.expect("the best run's model is in production", isAliased, stored);
  const loaded = readClassifier(await rivulet.models.load(`${MODEL_NAME}@production`));
  const { accuracy } = measure(loaded, test);
  checks.expect("the stored model predicts as it did", accuracy === best.test.accuracy, accuracy);
  const confusion = await api.read(
    `/runs/${best.runId}/artifact?path=${encodeURIComponent(CONFUSION_PATH)}`,
    confusionSchema,
  );
  const counted = confusion.matrix.flat().reduce((sum, count) => sum + count, 0);
  checks.expect("the confusion matrix counts all test flowers", counted === test.length, counted);
}
