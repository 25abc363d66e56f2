import { hash } from "node:crypto";
import type { Page, Store } from "@rivulet/core";
import {
  aDataset,
  aModelVersion,
  anAssessment,
  anEvaluation,
  anEvaluationRow,
  anExperiment,
  aPromptVersion,
  aRecord,
  aRun,
  aSpan,
  BUILT_AT,
  hexId,
} from "@rivulet/core/testing";

/** Text that breaks what is careless: quotes, line ends of every kind, an escape, emoji, right-to-left, a null. */
const HOSTILE = `'"\\ \n \r\n \u2028 \u0085 \t {"a":1} ${"\u{1F600}"} \u202E %s $1 -- \u0000 end`;
const LONG = "long message ".repeat(300);
const BYTES = Uint8Array.from({ length: 70_000 }, (_, at) => (at * 31) % 256);
const PICTURE = Uint8Array.from({ length: 3_000 }, (_, at) => (at * 7) % 256);
/** What spans say of a file; equal files are kept once. */
const IMAGE = {
  hash: hash("sha256", PICTURE),
  size: PICTURE.length,
  mediaType: "image/png",
  name: HOSTILE,
};

/** Fills every table of a store, with values that are hard to keep. */
export async function fillStore(store: Store): Promise<void> {
  await fillTracking(store);
  await fillModelsOfRuns(store);
  await fillRegistry(store);
  await fillTraces(store);
  await fillDatasets(store);
  await store.journal.flush();
}

async function fillTracking(store: Store): Promise<void> {
  await store.experiments.create(
    anExperiment({ id: "7", name: HOSTILE, tags: { [HOSTILE]: HOSTILE } }),
  );
  await store.experiments.create(
    anExperiment({ id: "8", name: "gone", lifecycleStage: "deleted" }),
  );
  await store.runs.create(aRun({ experimentId: "7", params: { lr: "0.01", text: HOSTILE } }));
  await store.runs.create(aRun({ id: hexId(2), parentRunId: hexId(1), userId: HOSTILE }));
  const values = [1.5, -0, Number.MAX_VALUE, Number.MIN_VALUE, -1e-7, 0.1 + 0.2];
  await store.runs.logBatch({
    runId: hexId(1),
    metrics: values.map((value, step) => ({
      key: step < 4 ? "loss" : HOSTILE,
      value,
      step,
      timestamp: BUILT_AT + step / 8,
    })),
    params: { more: "" },
    tags: { "": "empty key" },
  });
  await store.runs.update({ id: hexId(1), status: "failed", endTime: BUILT_AT + 0.125 });
  for (const [path, content] of [
    ["model/weights.bin", BYTES],
    ["model/same.bin", BYTES],
    ["empty", new Uint8Array(0)],
  ] as const) {
    const sha256 = hash("sha256", content);
    await store.files.write({ id: sha256, content });
    const artifact = { runId: hexId(1), path, size: content.length, sha256, fileId: sha256 };
    await store.artifacts.put({ ...artifact, contentType: "model/x", createdAt: BUILT_AT });
  }
}

async function fillModelsOfRuns(store: Store): Promise<void> {
  const dataset = {
    name: HOSTILE,
    digest: "d1",
    sourceType: "local",
    source: HOSTILE,
    schema: { columns: [HOSTILE] },
    profile: { rows: 3 },
  };
  await store.runs.logInputs({
    runId: hexId(1),
    inputs: [{ dataset, context: "training", tags: { [HOSTILE]: HOSTILE }, loggedAt: BUILT_AT }],
  });
  const modelId = `m-${hexId(1)}`;
  await store.loggedModels.create({
    id: modelId,
    experimentId: "7",
    name: HOSTILE,
    runId: hexId(1),
    artifactPath: "model",
    status: "upload_failed",
    statusMessage: HOSTILE,
    signature: { inputs: [{ name: HOSTILE, type: "float32", shape: [null, 4] }] },
    params: { [HOSTILE]: HOSTILE },
    tags: { [HOSTILE]: HOSTILE },
    metrics: [],
    createdAt: BUILT_AT,
    updatedAt: BUILT_AT,
    lifecycleStage: "deleted",
  });
  await store.loggedModels.update({ id: modelId, lifecycleStage: "active", updatedAt: BUILT_AT });
  await store.runs.logBatch({
    runId: hexId(1),
    metrics: [
      {
        key: "acc",
        value: Number.NaN,
        step: 1,
        timestamp: BUILT_AT,
        model: { modelId, datasetName: HOSTILE, datasetDigest: "d1" },
      },
    ],
  });
}

async function fillRegistry(store: Store): Promise<void> {
  await store.webhooks.create({
    id: hexId(1),
    name: HOSTILE,
    url: "https://ci.example/hook",
    events: ["model_version.created"],
    status: "active",
    description: HOSTILE,
    secret: HOSTILE,
    createdAt: BUILT_AT,
    updatedAt: BUILT_AT,
  });
  for (const description of [HOSTILE, "second", "third"]) {
    const version = { description, runId: hexId(1), artifactPath: "model/weights.bin" };
    await store.models.addVersion(
      aModelVersion({
        ...version,
        pinned: true,
        modelId: `m-${hexId(1)}`,
        params: { p: HOSTILE },
        metrics: { loss: 0.25 },
        tags: { a: HOSTILE },
        userId: HOSTILE,
        why: HOSTILE,
      }),
    );
    await store.prompts.addVersion(
      aPromptVersion({ template: description, config: { t: HOSTILE } }),
    );
  }
  await store.models.deleteVersion({ name: "iris", version: 2, updatedAt: BUILT_AT });
  await store.models.setAlias({ name: "iris", alias: "best", version: 3, updatedAt: BUILT_AT });
  const requires = "metrics.loss < 1";
  const gates = [{ alias: "best", requires }];
  await store.models.setGates({ name: "iris", gates, updatedAt: BUILT_AT });
  const staged = { name: "iris", version: 3, stage: "production", updatedAt: BUILT_AT } as const;
  await store.models.setStage({ ...staged, why: HOSTILE });
  await store.prompts.setAlias({
    name: "greet",
    alias: "production",
    arms: [
      { version: 1, weight: 9 },
      { version: 3, weight: 0.5 },
    ],
    updatedAt: BUILT_AT,
  });
}

async function fillTraces(store: Store): Promise<void> {
  store.journal.appendAttachment({ hash: IMAGE.hash, content: PICTURE });
  for (const trace of [1, 2]) {
    const traceId = hexId(trace);
    const messages = [{ role: "user", content: LONG }];
    const root = aSpan({
      prompts: [{ name: "greeting", version: 1 }],
      traceId,
      experimentId: "7",
      input: { messages, text: HOSTILE },
      output: [null, 1e300, { "\u0000": "\ud800" }],
      attributes: { [HOSTILE]: { deep: [HOSTILE] } },
      events: [{ name: "event", timestamp: BUILT_AT, attributes: { a: HOSTILE } }],
      usage: { inputTokens: 3, totalTokens: 5 },
      cost: 0.1,
    });
    store.journal.appendSpan({
      ...root,
      attachments: [IMAGE],
      trace: { sessionId: HOSTILE, tags: { t: HOSTILE }, metadata: { m: [HOSTILE, 0.1] } },
    });
    store.journal.appendSpan(
      aSpan({
        traceId,
        id: hexId(2, 16),
        parentId: root.id,
        status: "error",
        statusMessage: HOSTILE,
        usage: { inputTokens: 2, totalTokens: 4 },
      }),
    );
  }
  store.journal.appendMetrics({
    runId: hexId(2),
    points: [{ key: "live", value: 2, step: 0, timestamp: BUILT_AT }],
  });
  await store.journal.flush();
  // A run that is going on belongs to the engine that watches over it.
  await store.runs.update({ id: hexId(2), status: "finished", endTime: BUILT_AT + 1 });
  await store.assessments.add([
    anAssessment({ rationale: HOSTILE, metadata: { m: HOSTILE } }),
    anAssessment({ id: hexId(2), value: { nested: [1, HOSTILE] }, kind: "expectation" }),
  ]);
}

async function fillDatasets(store: Store): Promise<void> {
  await store.datasets.create(aDataset({ description: HOSTILE, tags: { a: "b" } }));
  for (const [n, q] of [HOSTILE, "2", "3"].entries()) {
    const record = aRecord({
      id: `record-${n + 1}`,
      inputs: { q },
      expectations: { answer: HOSTILE },
    });
    await store.datasets.changeRecords({ name: "qa", upsert: [record], updatedAt: BUILT_AT });
  }
  const removal = { name: "qa", remove: ["record-2"], updatedAt: BUILT_AT };
  await store.datasets.changeRecords(removal);
  await store.evaluations.create(anEvaluation({ metadata: { m: HOSTILE } }));
  await store.evaluations.addRows([
    anEvaluationRow({ output: HOSTILE, error: HOSTILE }),
    anEvaluationRow({ trial: 1, inputs: { text: HOSTILE } }),
  ]);
  await store.views.create({
    id: hexId(1),
    name: HOSTILE,
    page: "traces",
    query: `q=${HOSTILE}`,
    createdAt: BUILT_AT,
    updatedAt: BUILT_AT,
  });
}

/** Everything that the port gives back of a store, in a fixed order. */
export async function readStore(store: Store): Promise<Readonly<Record<string, unknown>>> {
  const all = { where: [], order: [], limit: 1000 };
  const everywhere = { ...all, experimentIds: [] };
  const runs = await store.runs.search({ ...everywhere, lifecycle: "all" });
  const traces = await store.traces.search(everywhere);
  const datasets = await store.datasets.search(all);
  const evaluations = await store.evaluations.search(everywhere);
  const prompts = await store.prompts.search(all);
  const modelVersions = await store.models.searchVersions(all);
  return {
    experiments: await store.experiments.search({ ...all, lifecycle: "all" }),
    runs,
    points: await forEach(runs, (run) =>
      forAll(Object.keys(run.metrics), (key) =>
        store.runs.metricHistory({ runId: run.id, key, limit: 1000 }),
      ),
    ),
    artifacts: await forEach(runs, async (run) =>
      forAll(await store.artifacts.list({ runId: run.id }), (artifact) =>
        readArtifact(store, artifact),
      ),
    ),
    inputs: await forEach(runs, ({ id }) => store.runs.inputs({ runId: id, limit: 1000 })),
    loggedModels: await store.loggedModels.search({ ...everywhere, lifecycle: "all" }),
    models: await store.models.search(all),
    modelVersions,
    modelFiles: await forEach(modelVersions, ({ name, version }) =>
      store.models.listFiles({ name, version }),
    ),
    modelHistory: await store.models.history({ limit: 1000 }),
    webhooks: await store.webhooks.search(all),
    webhookSecret: await store.webhooks.getSecret(hexId(1)),
    webhookDeliveries: await store.webhooks.listDeliveries({ webhookId: hexId(1), limit: 100 }),
    prompts,
    promptVersions: await forEach(prompts, ({ name }) =>
      store.prompts.listVersions({ name, limit: 1000 }),
    ),
    traces,
    spans: await forEach(traces, ({ id }) => store.traces.loadSpans(id)),
    attachments: await forEach(traces, async ({ id }) =>
      forAll(await store.traces.listAttachments(id), async (attachment) => ({
        ...attachment,
        content: Buffer.from((await store.files.read(attachment.hash)) ?? []).toString("base64"),
      })),
    ),
    assessments: await store.assessments.list({ traceIds: traces.items.map(({ id }) => id) }),
    datasets,
    records: await forEach(datasets, ({ name, version: newest }) =>
      forAll([...Array(newest).keys()], (n) =>
        store.datasets.listRecords({ name, version: n + 1, limit: 1000 }),
      ),
    ),
    views: await store.views.search(all),
    evaluations,
    evaluationRows: await forEach(evaluations, ({ id }) =>
      store.evaluations.listRows({ evaluationId: id, limit: 1000 }),
    ),
  };
}

async function readArtifact(store: Store, key: { runId: string; path: string }): Promise<unknown> {
  const found = await store.artifacts.get(key);
  const content = await store.files.read(found?.fileId ?? "");
  return { ...found, content: content && Buffer.from(content).toString("base64") };
}

function forEach<T, R>({ items }: Page<T>, read: (item: T) => Promise<R>): Promise<readonly R[]> {
  return forAll(items, read);
}

function forAll<T, R>(items: readonly T[], read: (item: T) => Promise<R>): Promise<readonly R[]> {
  return Promise.all(items.map(read));
}
