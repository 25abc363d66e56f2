import { cp, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Rivulet, Span } from "@rivulet/core";
import { importMlflow } from "@rivulet/mlflow";
import { describe, expect, test } from "vitest";
import { aFolder, aRivulet, written } from "./written.ts";

const T = 1_700_000_000_000;

describe.each(["traces/mlruns", "traces-2.22/mlruns"] as const)("the traces of %s", (kind) => {
  test("come with their spans, events, tags and metadata", async () => {
    const rivulet = aRivulet();
    expect(await importMlflow(rivulet, { path: await written(kind) })).toMatchObject({
      traces: 2,
      skipped: [],
    });
    const { items } = await rivulet.traces.search({ filter: "name = 'answer'" });
    const iris = await rivulet.experiments.find("iris");
    expect(items).toMatchObject([
      { status: "ok", experimentId: iris?.id, tags: { env: "test", "mlflow.traceName": "answer" } },
    ]);
    const spans = await rivulet.traces.loadSpans(items[0]?.id ?? "");
    expect(spans.map(shown)).toEqual([
      {
        name: "answer",
        type: "chain",
        input: { question: "2 + 2?" },
        output: { answer: "4" },
        events: [],
        above: undefined,
      },
      {
        name: "look up",
        type: "tool",
        input: "2 + 2",
        output: 4,
        events: [{ name: "tick", attributes: { i: 1 } }],
        above: spans[0]?.id,
      },
    ]);
    expect(spans[0]?.attributes).toMatchObject({ k: "v", n: 1 });
    const [root, inner] = spans;
    expect(inner?.events?.[0]?.timestamp).toBeGreaterThanOrEqual(root?.startTime ?? Number.NaN);
    expect(inner?.events?.[0]?.timestamp).toBeLessThanOrEqual(root?.endTime ?? Number.NaN);
    expect(await rivulet.traces.search({ filter: "status = 'error'" })).toMatchObject({
      items: [{ name: "fails" }],
    });
  });

  test("are not there twice when they are imported again", async () => {
    const rivulet = aRivulet();
    const path = await written(kind);
    const first = await importMlflow(rivulet, { path });
    expect(await importMlflow(rivulet, { path })).toEqual(first);
    expect(await rivulet.traces.search({})).toMatchObject({ items: [{}, {}] });
  });
});

function shown({ name, type, input, output, events = [], parentId }: Span): object {
  const told = events.map((event) => ({ name: event.name, attributes: event.attributes }));
  return { name, type, input, output, events: told, above: parentId };
}

test("what was said of a trace in a folder comes along; what was corrected stands with what corrects it", async () => {
  const rivulet = aRivulet();
  const report = await importMlflow(rivulet, { path: await written("traces/mlruns") });
  expect(report.assessments).toBe(3);
  const { items } = await rivulet.traces.search({ filter: "name = 'answer'" });
  const said = await rivulet.traces.listAssessments({ traceIds: [items[0]?.id ?? ""] });
  expect(said).toMatchObject([
    {
      name: "right",
      value: false,
      rationale: "It is not",
      sourceId: "eve",
      metadata: { "mlflow.assessment.overrides": [{ value: true, sourceId: "bob" }] },
    },
    { name: "judged", value: null, error: "ValueError: no judge", source: "llm_judge" },
    { name: "facts", kind: "expectation", value: ["a", 1] },
  ]);
});

test("a trace whose file of spans is broken or gone is there as far as it is known, which is told", async () => {
  const path = await written("traces/mlruns");
  const whole = aRivulet();
  await importMlflow(whole, { path });
  const { items } = await whole.traces.search({ orderBy: ["name ASC"] });
  const [answer, fails] = items.map(({ id, experimentId }) =>
    join(path, experimentId, "traces", `tr-${id}`, "artifacts", "traces.json"),
  );
  const file = await readFile(answer ?? "");
  await writeFile(answer ?? "", file.subarray(0, file.length / 2));
  await rm(fails ?? "");
  const rivulet = aRivulet();
  const { traces, skipped } = await importMlflow(rivulet, { path });
  expect(traces).toBe(2);
  expect(skipped.map((one) => one.path).toSorted()).toEqual(
    [answer ?? "", dirname(dirname(fails ?? ""))].toSorted(),
  );
  const found = await rivulet.traces.search({ filter: "name = 'answer'" });
  expect(await rivulet.traces.loadSpans(found.items[0]?.id ?? "")).toMatchObject([
    { name: "answer", input: { question: "2 + 2?" }, output: { answer: "4" } },
  ]);
});

test("evaluation datasets are datasets, with what their records have", async () => {
  const rivulet = aRivulet();
  const path = await written("mlflow-3.18");
  const report = await importMlflow(rivulet, { path });
  expect(report).toMatchObject({
    datasets: 2,
    records: 2,
    renamed: [{ path: `${path}: evaluation dataset q/a`, name: "q-a" }],
  });
  expect(await rivulet.datasets.get("q-a")).toMatchObject({
    version: 1,
    recordCount: 2,
    tags: { of: "us", "mlflow.experimentIds": "1" },
  });
  const { items } = await rivulet.datasets.listRecords({ name: "q-a" });
  const byInput = new Map(items.map((record) => [JSON.stringify(record.inputs), record]));
  expect(byInput.get('{"q":"2 + 2?"}')).toMatchObject({
    expectations: { a: "4" },
    metadata: { kind: "sum" },
  });
  expect(byInput.get('{"q":"why?"}')).not.toHaveProperty("expectations");
  expect(await rivulet.datasets.get("empty")).toMatchObject({ recordCount: 0 });
  await rivulet.datasets.addRecords("q-a", [{ inputs: { q: "2 + 2?" }, expectations: { a: "5" } }]);
  expect(await importMlflow(rivulet, { path })).toEqual(report);
  expect((await rivulet.datasets.get("q-a")).version).toBe(2);
});

test("scorers are told, with the instructions of judges", async () => {
  const path = await written("mlflow-3.18");
  const { skipped } = await importMlflow(aRivulet(), { path, artifacts: "none" });
  expect(skipped).toEqual([
    { path: `${path}: scorer english`, why: "is MLflow's own Guidelines, which is Python" },
    {
      path: `${path}: scorer tone (2 versions)`,
      why: 'is a judge of MLflow: make one with makeJudge() of its instructions, "Is {{ outputs }} kind?"',
    },
  ]);
});

async function modelNamed(
  rivulet: Rivulet,
  name: string,
): ReturnType<Rivulet["loggedModels"]["get"]> {
  const { items } = await rivulet.loggedModels.search({ filter: `name = '${name}'` });
  return rivulet.loggedModels.get(items[0]?.id ?? "");
}

test("a logged model without a run gets one of its own", async () => {
  const rivulet = aRivulet();
  const path = await written("mlflow-3.18");
  await importMlflow(rivulet, { path });
  const agent = await modelNamed(rivulet, "agent");
  expect(agent).toMatchObject({
    runId: agent.id.slice(2),
    params: { top_k: "3" },
    tags: expect.objectContaining({ a: "b" }),
  });
  expect(await rivulet.runs.get(agent.runId)).toMatchObject({
    name: "agent",
    status: "finished",
    startTime: agent.createdAt,
    tags: { "mlflow.modelWithoutRun": agent.id },
  });
  await importMlflow(rivulet, { path });
  expect(await rivulet.runs.count({})).toBe(3);
});

test("NaN of a logged model, which MLflow's database has as 0, is NaN of the run and of the model", async () => {
  const rivulet = aRivulet();
  await importMlflow(rivulet, { path: await written("mlflow-3.18") });
  const net = await modelNamed(rivulet, "net");
  expect(net.metrics).toMatchObject([{ key: "loss", value: Number.NaN, step: 2 }]);
  const { items } = await rivulet.runs.metricHistory({ runId: net.runId, key: "loss" });
  expect(items).toMatchObject([{ step: 2, value: Number.NaN }]);
});

test("runs keep which logged models they were given and have made", async () => {
  const rivulet = aRivulet();
  await importMlflow(rivulet, { path: await written("mlflow-3.18") });
  const net = await modelNamed(rivulet, "net");
  const made = await rivulet.runs.get(net.runId);
  expect(made.tags["mlflow.modelOutputs"]).toBe(`[{"modelId":"${net.id}","step":7}]`);
  const { items } = await rivulet.runs.search({ filter: "tags.`mlflow.modelInputs` LIKE '%m-%'" });
  expect(items.map(({ tags }) => tags["mlflow.modelInputs"])).toEqual([`["${net.id}"]`]);
});

test.each([
  ["mlflow-0.9", 0],
  ["mlflow-1.0", 1],
] as const)("a database of %s, which has no NaN yet, is read", async (kind, step) => {
  const rivulet = aRivulet();
  const report = await importMlflow(rivulet, { path: await written(kind) });
  expect(report).toMatchObject({ runs: 1, params: 1, metrics: 1, skipped: [] });
  const { items } = await rivulet.runs.search({});
  expect(items).toMatchObject([
    {
      status: "finished",
      startTime: T,
      userId: "ann",
      tags: { "mlflow.source.name": "train.py" },
      metrics: { loss: 0.5 },
    },
  ]);
  const history = await rivulet.runs.metricHistory({ runId: items[0]?.id ?? "", key: "loss" });
  expect(history.items).toMatchObject([{ step, value: 0.5, timestamp: T }]);
});

test("an experiment in the trash is deleted, also where only its place says so", async () => {
  const path = await written("mlruns");
  const meta = join(path, ".trash", "699379114419128958", "meta.yaml");
  const text = await readFile(meta, "utf8");
  await writeFile(meta, text.replace("lifecycle_stage: deleted", "lifecycle_stage: active"));
  const rivulet = aRivulet();
  await importMlflow(rivulet, { path });
  expect(await rivulet.experiments.find("old")).toMatchObject({ lifecycleStage: "deleted" });
});

describe("files of a run", () => {
  /** A database of MLflow whose runs have their files at a URI, and the id of the run that has some. */
  async function filesAt(uri: string): Promise<{ readonly path: string; readonly runId: string }> {
    const path = await written("mlflow-3.17");
    const database = new DatabaseSync(path);
    database
      .prepare("UPDATE runs SET artifact_uri = ? || '/' || run_uuid || '/artifacts'")
      .run(uri);
    const sql = "SELECT run_uuid FROM tags WHERE key = 'mlflow.runName' AND value = 'best'";
    const runId = String(database.prepare(sql).get()?.["run_uuid"]);
    database.close();
    return { path, runId };
  }

  /** Moves the files of the run. */
  async function move(path: string, runId: string, to: string): Promise<void> {
    await mkdir(to, { recursive: true });
    await rename(join(dirname(path), "artifacts", "iris", runId), join(to, runId));
  }

  test("that MLflow's server has passed on are found beside its store", async () => {
    const { path, runId } = await filesAt("mlflow-artifacts:/1");
    await move(path, runId, join(dirname(path), "mlartifacts", "1"));
    const rivulet = aRivulet();
    await importMlflow(rivulet, { path });
    const files = await rivulet.artifacts.list({ runId });
    expect(files.map((file) => file.path)).toContain("model/weights.bin");
  });

  test("that are in a bucket are told once, and taken from a copy of it", async () => {
    const { path, runId } = await filesAt("s3://bucket/mlflow/1");
    const copies = await aFolder();
    await move(path, runId, join(copies, "1"));
    const left = await importMlflow(aRivulet(), { path });
    expect(left.skipped.filter((one) => one.path.startsWith("s3:"))).toEqual([
      { path: "s3://bucket/mlflow", why: expect.stringMatching(/--artifact-copies/) },
    ]);
    const rivulet = aRivulet();
    await importMlflow(rivulet, { path, artifactCopies: copies });
    const { content } = await rivulet.artifacts.get({ runId, path: "model/weights.bin" });
    expect(content).toEqual(Uint8Array.from({ length: 256 }, (_, byte) => byte));
  });

  test("are not looked for in a copy that is not there", async () => {
    const { path } = await filesAt("s3://bucket/mlflow/1");
    await expect(
      importMlflow(aRivulet(), { path, artifactCopies: `${path}.none` }),
    ).rejects.toMatchObject({ code: "not_found", details: { field: "artifactCopies" } });
  });

  test("are found where a URI has signs that Python leaves as they are", async () => {
    const { path, runId } = await filesAt("file:///srv/mlflow/50% of #1");
    await move(path, runId, join(dirname(path), "50% of #1"));
    const rivulet = aRivulet();
    await importMlflow(rivulet, { path });
    expect(await rivulet.artifacts.list({ runId })).toHaveLength(5);
  });

  test("whose names may not be used here have others, which are told", async () => {
    const path = await written("mlruns");
    const whole = aRivulet();
    await importMlflow(whole, { path });
    const { items } = await whole.runs.search({ filter: "name = 'best'" });
    const [{ id: runId, experimentId } = { id: "", experimentId: "" }] = items;
    const folder = join(path, experimentId, runId, "artifacts");
    await cp(join(folder, "config.json"), join(folder, "a:b?.json"));
    await cp(join(folder, "config.json"), join(folder, "a:b*.json"));
    await cp(join(folder, "config.json"), join(folder, "ckpt-10:00#1?.json"));
    const rivulet = aRivulet();
    const { renamed, skipped } = await importMlflow(rivulet, { path });
    expect(skipped).toEqual([]);
    expect(renamed).toEqual(
      ["a:b*.json", "a:b?.json"].map((name) => ({
        path: join(folder, name),
        name: expect.stringMatching(/^a_b_~[\da-f]{8}\.json$/),
      })),
    );
    expect(await rivulet.artifacts.get({ runId, path: "ckpt-10:00#1?.json" })).toBeDefined();
    expect(renamed[0]?.name).not.toBe(renamed[1]?.name);
    const { content } = await rivulet.artifacts.get({ runId, path: renamed[0]?.name ?? "" });
    expect(JSON.parse(new TextDecoder().decode(content as Uint8Array))).toEqual({ a: [1, 2] });
  });
});

test("models, versions and prompts were changed when MLflow has changed them, and versions have their run's params", async () => {
  const path = await written("mlflow-3.17");
  const rivulet = aRivulet();
  await importMlflow(rivulet, { path });
  const database = new DatabaseSync(path);
  const timesOf = (name: string): object => {
    const sql = "SELECT creation_time, last_updated_time FROM registered_models WHERE name = ?";
    const row = database.prepare(sql).get(name);
    return { createdAt: row?.["creation_time"], updatedAt: row?.["last_updated_time"] };
  };
  expect(await rivulet.models.get("iris")).toMatchObject(timesOf("iris"));
  const { updatedAt } = await rivulet.prompts.getEntry("greet");
  expect(timesOf("greet")).toMatchObject({ updatedAt });
  database.close();
  expect((await rivulet.models.getVersion("iris@1")).params).toMatchObject({ lr: "0.1" });
});

test("two imports at once take each thing once, and none of them leaves anything out", async () => {
  const path = await written("mlflow-3.17");
  const store = `sqlite:${join(await aFolder(), "app.db")}`;
  const reports = await Promise.all(
    [aRivulet(store), aRivulet(store)].map((rivulet) => importMlflow(rivulet, { path })),
  );
  expect(reports.map(({ runs }) => runs)).toEqual([6, 6]);
  const rivulet = aRivulet(store);
  expect(await rivulet.runs.count({ lifecycle: "all" })).toBe(6);
  expect(await rivulet.traces.count()).toBe(2);
});
