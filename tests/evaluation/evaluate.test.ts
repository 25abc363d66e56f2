import { openStore, RivuletError, type ScorerInput } from "@rivulet/core";
import type { SpanWrite } from "@rivulet/store";
import { describe, expect, test } from "vitest";
import { aClient, aSharedClient, NOON } from "./client.ts";

interface Question {
  readonly question: string;
}

const QUESTIONS = [
  { inputs: { question: "one" }, expectations: { answer: "ONE" } },
  { inputs: { question: "two" }, expectations: { answer: "three" } },
];

function shout({ question }: Question): string {
  return question.toUpperCase();
}

function exact({
  output,
  expectations,
}: ScorerInput<Question, string, { answer: string }>): boolean {
  return output === expectations?.answer;
}

test("keeps rows, a run with metrics, and a trace with assessments per row", async () => {
  const { rivulet, errors } = await aClient();
  const result = await rivulet.evaluate({
    name: "first try",
    experiment: "qa",
    data: QUESTIONS,
    task: shout,
    scorers: [exact],
    metadata: { prompt: "qa/1" },
  });

  expect(result).toMatchObject({
    name: "first try",
    status: "finished",
    startTime: NOON,
    endTime: NOON,
    rowCount: 2,
    errorCount: 0,
    metadata: { prompt: "qa/1" },
  });
  const { rows, ...evaluation } = result;
  expect(await rivulet.evaluations.get(result.id)).toEqual(evaluation);
  const stored = await rivulet.evaluations.listRows({ evaluationId: result.id });
  expect(stored.items).toEqual(rows);
  expect(
    rows.map(({ output, expectations, scores }) => ({ output, expectations, scores })),
  ).toEqual([
    { output: "ONE", expectations: { answer: "ONE" }, scores: [{ name: "exact", value: 1 }] },
    { output: "TWO", expectations: { answer: "three" }, scores: [{ name: "exact", value: 0 }] },
  ]);

  const run = await rivulet.runs.get(result.id);
  expect(run).toMatchObject({
    name: "first try",
    status: "finished",
    params: { rows: "2", trials: "1", scorers: "exact" },
    tags: { "rivulet.kind": "evaluation" },
  });
  expect(run.metrics).toMatchObject({
    "exact/mean": 0.5,
    "exact/scored": 2,
    "exact/skipped": 0,
    "exact/errors": 0,
    "task/errors": 0,
  });
  expect((await rivulet.experiments.get(run.experimentId)).name).toBe("qa");

  const traceId = rows[0]?.traceId ?? "";
  const spans = await rivulet.traces.loadSpans(traceId);
  const root = spans.find(({ parentId }) => parentId === undefined);
  expect(root).toMatchObject({
    name: "shout",
    type: "task",
    input: { question: "one" },
    output: "ONE",
  });
  expect(spans.filter((span) => span !== root)).toMatchObject([
    {
      parentId: root?.id,
      name: "exact",
      type: "evaluator",
      input: { inputs: { question: "one" }, output: "ONE", expectations: { answer: "ONE" } },
      output: true,
    },
  ]);
  expect(await rivulet.traces.get(traceId)).toMatchObject({
    runId: result.id,
    experimentId: run.experimentId,
    metadata: { evaluationRow: rows[0]?.rowId, trial: 0 },
  });
  expect(await rivulet.traces.listAssessments({ traceIds: [traceId] })).toMatchObject([
    { kind: "feedback", name: "exact", value: true, source: "code", runId: result.id },
  ]);
  expect(errors).toEqual([]);
});

test("runs over one version of a dataset, with the records' ids as row ids", async () => {
  const { rivulet } = await aClient();
  await rivulet.datasets.create({ name: "qa", records: QUESTIONS });
  await rivulet.datasets.addRecords("qa", [{ inputs: { question: "three" } }]);
  const echo = ({ question }: Question): string => question;
  const newest = await rivulet.evaluate({ data: "qa", task: echo, scorers: [] });
  const first = await rivulet.evaluate({ data: "qa@1", task: echo, scorers: [] });
  const plain = await rivulet.evaluate({ data: QUESTIONS, task: echo, scorers: [] });

  expect(newest).toMatchObject({ datasetName: "qa", datasetVersion: 2, rowCount: 3 });
  expect(first).toMatchObject({ datasetName: "qa", datasetVersion: 1, rowCount: 2 });
  expect((await rivulet.runs.get(first.id)).params).toMatchObject({ dataset: "qa@1" });
  const records = await rivulet.datasets.listRecords({ name: "qa", version: 1 });
  const ids = records.items.map(({ id }) => id).sort();
  expect(first.rows.map(({ rowId }) => rowId).sort()).toEqual(ids);
  expect(plain.rows.map(({ rowId }) => rowId).sort()).toEqual(ids);
  expect(plain.datasetName).toBeUndefined();
});

test("keeps a row whose task fails, and counts it for every scorer", async () => {
  const { rivulet } = await aClient();
  const result = await rivulet.evaluate({
    data: QUESTIONS,
    task: ({ question }) => {
      if (question === "two") throw new Error("out of numbers");
      return question;
    },
    scorers: [exact],
  });
  expect(result).toMatchObject({ status: "finished", rowCount: 2, errorCount: 1 });
  const [, failed] = result.rows;
  expect(failed).toMatchObject({
    error: "out of numbers",
    scores: [{ name: "exact", value: null, error: "The task failed." }],
  });
  expect(failed?.output).toBeUndefined();
  expect(result.scores).toMatchObject([{ mean: 0, scored: 1, skipped: 0, errors: 1 }]);
  expect((await rivulet.runs.get(result.id)).metrics).toMatchObject({
    "task/errors": 1,
    "exact/errors": 1,
  });
  expect(await rivulet.traces.get(failed?.traceId ?? "")).toMatchObject({ status: "error" });
});

test("keeps a failing scorer apart from a 0 and from a row that cannot be scored", async () => {
  const { rivulet } = await aClient();
  const picky = ({ output }: { output: number }): number | null => {
    if (output === 0) throw new Error("no idea");
    if (output === 1) return Number.NaN;
    return output === 2 ? null : 0;
  };
  const result = await rivulet.evaluate({
    data: [0, 1, 2, 3].map((inputs) => ({ inputs })),
    task: (input) => input,
    scorers: [picky],
  });
  expect(result.rows.map(({ scores }) => scores)).toEqual([
    [{ name: "picky", value: null, error: "no idea" }],
    [{ name: "picky", value: null, error: expect.stringContaining("returned NaN") }],
    [{ name: "picky", value: null }],
    [{ name: "picky", value: 0 }],
  ]);
  expect(result.scores).toMatchObject([{ mean: 0, scored: 1, skipped: 1, errors: 2 }]);
  const traceIds = result.rows.map(({ traceId }) => traceId ?? "");
  const assessments = await rivulet.traces.listAssessments({ traceIds });
  expect(
    traceIds.map((id) => {
      const found = assessments.find(({ traceId }) => traceId === id);
      return [found?.value, found?.error];
    }),
  ).toEqual([
    [null, "no idea"],
    [null, expect.stringContaining("returned NaN")],
    [null, undefined],
    [0, undefined],
  ]);
});

test("keeps label, rationale and metadata of a score", async () => {
  const { rivulet } = await aClient();
  const grade = () => ({ value: "good", rationale: "It rhymes.", metadata: { lines: 2 } });
  const { rows, scores } = await rivulet.evaluate({
    data: [{ inputs: "poem" }],
    task: () => "…",
    scorers: [grade],
  });
  expect(rows[0]?.scores).toEqual([
    { name: "grade", value: null, label: "good", rationale: "It rhymes." },
  ]);
  expect(scores).toMatchObject([{ mean: null, scored: 0, skipped: 1, errors: 0 }]);
  const traceIds = [rows[0]?.traceId ?? ""];
  expect(await rivulet.traces.listAssessments({ traceIds })).toMatchObject([
    { value: "good", rationale: "It rhymes.", metadata: { lines: 2 } },
  ]);
});

test("runs no more rows at once than it may", async () => {
  const { rivulet } = await aClient();
  let open = 0;
  let most = 0;
  const progress: string[] = [];
  await rivulet.evaluate({
    data: Array.from({ length: 9 }, (_, inputs) => ({ inputs })),
    task: async () => {
      open += 1;
      most = Math.max(most, open);
      await new Promise(setImmediate);
      open -= 1;
    },
    scorers: [],
    concurrency: 3,
    onProgress: ({ done, total }) => progress.push(`${done}/${total}`),
  });
  expect(most).toBe(3);
  expect(progress).toEqual(Array.from({ length: 9 }, (_, done) => `${done + 1}/9`));
});

test("gives rows as the data came, and the tries of each in order, however they end", async () => {
  const { rivulet } = await aClient();
  const others = Promise.withResolvers<void>();
  let left = 3;
  const { rows } = await rivulet.evaluate({
    data: [
      { id: "a", inputs: 1 },
      { id: "b", inputs: 2 },
    ],
    task: async (_, { rowId, trial }) => {
      if (rowId === "a" && trial === 0) return others.promise;
      left -= 1;
      if (left === 0) others.resolve();
      return undefined;
    },
    scorers: [],
    trials: 2,
    concurrency: 4,
  });
  expect(rows.map(({ rowId, trial }) => [rowId, trial])).toEqual([
    ["a", 0],
    ["a", 1],
    ["b", 0],
    ["b", 1],
  ]);
});

test("tells each try its row, its number and a signal that ends with its time", async () => {
  const { rivulet } = await aClient();
  const tries: string[] = [];
  let reason: unknown;
  const result = await rivulet.evaluate({
    data: [{ id: "slow", inputs: null }],
    task: (_, { rowId, trial, signal }) => {
      tries.push(`${rowId}.${trial}`);
      if (trial === 0) return "quick";
      signal.addEventListener("abort", () => {
        reason = signal.reason;
      });
      return new Promise<string>(() => undefined);
    },
    scorers: [],
    trials: 2,
    timeoutMs: 5,
  });
  expect(tries).toEqual(["slow.0", "slow.1"]);
  expect(reason).toMatchObject({ code: "aborted" });
  expect(result.rows).toMatchObject([
    { rowId: "slow", trial: 0, output: "quick" },
    { rowId: "slow", trial: 1, error: "The task took longer than 5 ms." },
  ]);
  expect(result.errorCount).toBe(1);
});

test("stops at its signal, keeps what is done, and calls the run killed", async () => {
  const { rivulet } = await aClient();
  const stop = new AbortController();
  const evaluation = rivulet.evaluate({
    name: "stopped",
    data: [0, 1, 2].map((inputs) => ({ id: `r${inputs}`, inputs })),
    task: (row) => {
      if (row === 1) stop.abort();
      return row;
    },
    scorers: [],
    concurrency: 1,
    signal: stop.signal,
  });
  await expect(evaluation).rejects.toMatchObject({
    code: "aborted",
    message: 'Evaluation "stopped" was aborted by its signal.',
  });
  const { items } = await rivulet.evaluations.search();
  expect(items).toMatchObject([{ name: "stopped", status: "killed", rowCount: 3 }]);
  const id = items[0]?.id ?? "";
  expect((await rivulet.runs.get(id)).status).toBe("killed");
  const rows = await rivulet.evaluations.listRows({ evaluationId: id });
  expect(rows.items.map(({ rowId }) => rowId)).toEqual(["r0"]);
});

test("fails with its store, and says so in evaluation and run", async () => {
  const store = await openStore("memory:");
  const broken = new RivuletError("store_unavailable", "The disk is full.");
  const evaluations = { ...store.evaluations, addRows: () => Promise.reject(broken) };
  const { rivulet, errors } = await aClient({ store: { ...store, evaluations } });
  const evaluation = rivulet.evaluate({ data: QUESTIONS, task: shout, scorers: [exact] });
  await expect(evaluation).rejects.toBe(broken);
  const { items } = await rivulet.evaluations.search();
  expect(items).toMatchObject([{ status: "failed", endTime: NOON }]);
  expect((await rivulet.runs.get(items[0]?.id ?? "")).status).toBe("failed");
  expect(errors).toEqual([]);
});

test("loses only the assessments of a trace that is not there", async () => {
  const store = await openStore("memory:");
  const dropped: string[] = [];
  const journal = {
    ...store.journal,
    appendSpan: (write: SpanWrite) => {
      const isDropped = JSON.stringify(write.input ?? "").includes("two");
      if (isDropped) dropped.push(write.name);
      return isDropped ? false : store.journal.appendSpan(write);
    },
  };
  const { rivulet, errors } = await aClient({ store: { ...store, journal } });
  const { rows, scores } = await rivulet.evaluate({
    data: QUESTIONS,
    task: shout,
    scorers: [exact],
  });
  expect(new Set(dropped)).toEqual(new Set(["shout", "exact"]));
  expect(scores).toMatchObject([{ mean: 0.5, scored: 2, errors: 0 }]);
  const [kept] = rows.map(({ traceId }) => traceId ?? "");
  const traceIds = rows.map(({ traceId }) => traceId ?? "");
  const assessments = await rivulet.traces.listAssessments({ traceIds });
  expect(assessments.map(({ traceId }) => traceId)).toEqual([kept]);
  expect(errors).toMatchObject([{ code: "not_found" }]);
});

test("starts nothing when the signal is aborted before", async () => {
  const { rivulet } = await aClient();
  const evaluation = rivulet.evaluate({
    data: QUESTIONS,
    task: shout,
    scorers: [],
    signal: AbortSignal.abort(),
  });
  await expect(evaluation).rejects.toMatchObject({ code: "aborted" });
  expect((await rivulet.runs.search()).items).toEqual([]);
});

test("keeps equal inputs as rows of their own, with the same ids each time", async () => {
  const { rivulet } = await aClient();
  const run = () =>
    rivulet.evaluate({
      data: [{ inputs: "same" }, { inputs: "same" }, { inputs: "other" }],
      task: (text: string) => text,
      scorers: [],
    });
  const first = (await run()).rows.map(({ rowId }) => rowId);
  expect(first[1]).toBe(`${first[0]}-2`);
  expect(new Set(first).size).toBe(3);
  expect((await run()).rows.map(({ rowId }) => rowId)).toEqual(first);
});

test("keeps scores when tracing is off, and no trace", async () => {
  const { rivulet, errors } = await aClient({ tracing: { enabled: false } });
  const { rows, scores } = await rivulet.evaluate({
    data: QUESTIONS,
    task: shout,
    scorers: [exact],
  });
  expect(scores).toMatchObject([{ mean: 0.5 }]);
  expect(rows.map(({ traceId }) => traceId)).toEqual([undefined, undefined]);
  expect(errors).toEqual([]);
});

test("lists evaluations by experiment and filter", async () => {
  const { rivulet } = await aClient();
  const run = (name: string, experiment: string) =>
    rivulet.evaluate({ name, experiment, data: QUESTIONS, task: shout, scorers: [] });
  const one = await run("one", "a");
  await run("two", "b");
  const inA = await rivulet.evaluations.search({ experimentIds: [one.experimentId] });
  expect(inA.items.map(({ name }) => name)).toEqual(["one"]);
  const named = await rivulet.evaluations.search({ filter: "name LIKE 't%'" });
  expect(named.items.map(({ name }) => name)).toEqual(["two"]);
});

describe("bad input", () => {
  const client = aSharedClient();

  test.each([
    ["an empty list", { data: [] }, /at least one example/],
    ["an alias of a dataset", { data: "qa@best" }, /'name' or 'name@3'/],
    [
      "two examples of one id",
      {
        data: [
          { id: "a", inputs: 1 },
          { id: "a", inputs: 2 },
        ],
      },
      /id "a"/,
    ],
    ["no concurrency", { concurrency: 0 }, /concurrency/],
    ["half a trial", { trials: 0.5 }, /trials/],
    ["no time", { timeoutMs: 0 }, /timeoutMs/],
    ["a scorer without a name", { scorers: [() => 1] }, /no name/],
    ["two scorers of one name", { scorers: [exact, exact] }, /"exact"/],
    ["something that is no task", { task: 3 }, /task/],
  ])("refuses %s before anything is stored", async (_, options, message) => {
    const rivulet = client();
    const given = { data: QUESTIONS, task: shout, scorers: [], ...options };
    await expect(rivulet.evaluate(given as never)).rejects.toMatchObject({
      code: "invalid_argument",
      message: expect.stringMatching(message),
    });
    expect((await rivulet.runs.search()).items).toEqual([]);
  });

  test("says which dataset is not there", async () => {
    const rivulet = client();
    const evaluation = rivulet.evaluate({ data: "nowhere", task: shout, scorers: [] });
    await expect(evaluation).rejects.toMatchObject({
      code: "not_found",
      details: { id: "nowhere" },
    });
  });
});

test("declares which way its metrics are better, where the scorer says so and the app does not", async () => {
  const { rivulet } = await aClient();
  const higher = { better: "higher" } as const;
  const lower = { better: "lower" } as const;
  const metrics = { "exact/coverage": lower };
  const { id } = await rivulet.experiments.create({ name: "qa", metrics });
  const words = Object.assign(() => 3, { scoreName: "words", range: { better: "lower" } as const });
  const scorers = [exact, words];
  await rivulet.evaluate({ experiment: "qa", data: QUESTIONS, task: shout, scorers });
  expect((await rivulet.experiments.get(id)).metrics).toEqual({
    "exact/coverage": lower,
    "exact/errors": lower,
    "task/duration_ms/mean": lower,
    "task/errors": lower,
    "words/coverage": higher,
    "words/errors": lower,
    "words/high": lower,
    "words/low": lower,
    "words/mean": lower,
  });
});
