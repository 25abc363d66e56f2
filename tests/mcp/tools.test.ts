import { expect, test } from "vitest";
import { aRivulet, call, connect } from "./connect.ts";

interface Table {
  readonly columns: string[];
  readonly rows: unknown[][];
  readonly nextPageToken?: string;
}

const READ_TOOLS = [
  "aggregate_traces",
  "compare_evaluations",
  "compare_runs",
  "get_dataset_records",
  "get_evaluation_rows",
  "get_metric_history",
  "get_model",
  "get_model_history",
  "get_model_lineage",
  "get_overview",
  "get_prompt",
  "get_run",
  "get_session",
  "get_span",
  "get_trace",
  "group_errors",
  "list_artifacts",
  "render_prompt",
  "search_datasets",
  "search_evaluations",
  "search_experiments",
  "search_logged_models",
  "search_model_versions",
  "search_models",
  "search_prompts",
  "search_runs",
  "search_sessions",
  "search_traces",
];
const WRITE_TOOLS = [
  "log_feedback",
  "log_run",
  "register_prompt",
  "set_model_alias",
  "set_prompt_alias",
];

test("a server offers what reads, and only what reads", async () => {
  const client = await connect(aRivulet());
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name).sort()).toEqual(READ_TOOLS);
  expect(tools.every(({ annotations }) => annotations?.readOnlyHint === true)).toBe(true);
});

test("a server that may write offers what writes, and says what it does", async () => {
  const client = await connect(aRivulet(), { allowWrites: true });
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name).sort()).toEqual([...READ_TOOLS, ...WRITE_TOOLS].sort());
  const moving = tools.filter(({ annotations }) => annotations?.destructiveHint === true);
  expect(moving.map(({ name }) => name).sort()).toEqual(["set_model_alias", "set_prompt_alias"]);
});

// Hosts keep the list in the model's context: about 4 bytes are a token.
test.each([
  ["that read", false, 25_000],
  ["with those that write", true, 32_500],
])("the tools %s are described in few bytes", async (_, allowWrites, bytes) => {
  const client = await connect(aRivulet(), { allowWrites });
  const { tools } = await client.listTools();
  expect(JSON.stringify(tools).length).toBeLessThan(bytes);
  expect(JSON.stringify(tools)).not.toContain("$schema");
});

test("a tool that is not offered cannot be called", async () => {
  const rivulet = aRivulet();
  const client = await connect(rivulet);
  const result = await client.callTool({
    name: "register_prompt",
    arguments: { name: "greet", template: "hi" },
  });
  expect(result).toEqual({
    isError: true,
    content: [
      {
        type: "text",
        text: 'not_found: There is no tool "register_prompt". This server is read-only; it writes only with `rivulet mcp --allow-writes`, or `mcp: { allowWrites: true }` in a mount.',
      },
    ],
  });
  expect((await rivulet.prompts.search()).items).toEqual([]);
});

test("runs are searched as columns and rows, page by page", async () => {
  const rivulet = aRivulet();
  const { id } = await rivulet.experiments.create({ name: "trees" });
  for (const depth of [1, 2, 3]) {
    const run = await rivulet.runs.start({
      experimentId: id,
      name: `d${depth}`,
      params: { depth },
    });
    run.logMetric("accuracy", depth / 4);
    await run.finish();
  }
  const client = await connect(rivulet);
  const first = await call<Table>(client, "search_runs", {
    experimentIds: [id],
    filter: "metrics.accuracy >= 0.5",
    orderBy: ["metrics.accuracy DESC"],
    fields: ["name", "status", "metrics", "params"],
    limit: 1,
  });
  expect(first.columns).toEqual(["name", "status", "metrics", "params"]);
  expect(first.rows).toEqual([["d3", "finished", { accuracy: 0.75 }, { depth: "3" }]]);
  const second = await call<Table>(client, "search_runs", {
    experimentIds: [id],
    filter: "metrics.accuracy >= 0.5",
    orderBy: ["metrics.accuracy DESC"],
    fields: ["name"],
    pageToken: first.nextPageToken,
  });
  expect(second).toEqual({ columns: ["name"], rows: [["d2"]] });
});

test("runs are compared by what differs", async () => {
  const rivulet = aRivulet();
  const ids: string[] = [];
  for (const lr of [0.1, 0.2]) {
    const run = await rivulet.runs.start({ params: { lr, layers: 2 } });
    run.logMetric("loss", lr * 2);
    await run.finish();
    ids.push(run.id);
  }
  const client = await connect(rivulet);
  expect(await call(client, "compare_runs", { runIds: ids })).toEqual({
    columns: ["key", ...ids],
    rows: [
      ["params.lr", "0.1", "0.2"],
      ["metrics.loss", 0.2, 0.4],
    ],
  });
});

test("a run with a point that cannot be logged is not made", async () => {
  const rivulet = aRivulet();
  const client = await connect(rivulet, { allowWrites: true });
  const metrics = [
    { key: "loss", value: 0.5 },
    { key: "loss", value: "low" },
  ];
  const answer = await client.callTool({ name: "log_run", arguments: { name: "bad", metrics } });
  expect(answer.isError).toBe(true);
  expect(await rivulet.runs.count({ lifecycle: "all" })).toBe(0);
});

test("what one of two compared runs has and the other has not is a difference", async () => {
  const rivulet = aRivulet();
  const one = await rivulet.runs.create({ params: { lr: 0.1, layers: 2 } });
  const other = await rivulet.runs.create({ params: { layers: 2 } });
  const client = await connect(rivulet);
  const runIds = [one.id, other.id];
  expect(await call(client, "compare_runs", { runIds })).toEqual({
    columns: ["key", ...runIds],
    rows: [["params.lr", "0.1", null]],
  });
  const all = await call<Table>(client, "compare_runs", { runIds, onlyDifferences: false });
  expect(all.rows).toEqual([
    ["params.layers", "2", "2"],
    ["params.lr", "0.1", null],
  ]);
});

interface Curve {
  readonly steps: number[];
  readonly values: number[];
  readonly total: number;
}

test("a metric comes as a curve of at most so many points", async () => {
  const rivulet = aRivulet();
  const run = await rivulet.runs.start();
  for (let step = 0; step < 500; step += 1) run.logMetric("loss", 500 - step, { step });
  await run.finish();
  const client = await connect(rivulet);
  const { items } = await call<{ items: Curve[] }>(client, "get_metric_history", {
    runIds: [run.id],
    keys: ["loss"],
    maxPoints: 20,
  });
  const [curve] = items;
  if (curve === undefined) throw new Error("There is no curve.");
  expect(curve.total).toBe(500);
  expect(curve.steps.length).toBeLessThanOrEqual(20);
  expect([curve.steps.at(0), curve.steps.at(-1)]).toEqual([0, 499]);
  expect([curve.values.at(0), curve.values.at(-1)]).toEqual([500, 1]);
});

test("a prompt is read, filled in, registered and pointed to", async () => {
  const rivulet = aRivulet();
  const client = await connect(rivulet, { allowWrites: true });
  await call(client, "register_prompt", { name: "team.greet", template: "Hello {{name}}" });
  const second = await call(client, "register_prompt", {
    name: "team.greet",
    template: "Hi {{name}}",
  });
  expect(second).toMatchObject({ version: 2, uri: "rivulet://prompts/team.greet" });
  await call(client, "set_prompt_alias", { name: "team.greet", alias: "production", version: 1 });
  const reference = "team.greet@production";
  expect(await call(client, "get_prompt", { reference })).toMatchObject({
    version: 1,
    template: "Hello {{name}}",
    uri: "rivulet://prompts/team.greet",
  });
  const filled = await call(client, "render_prompt", { reference, values: { name: "Ann" } });
  expect(filled).toMatchObject({ messages: [{ role: "user", content: "Hello Ann" }] });
});

test("a trace comes as its summary, its tree and what was said of it; a span is cut to size", async () => {
  const rivulet = aRivulet();
  const traceId = await rivulet.withSpan("answer", async (span) => {
    span.setInput("question");
    rivulet.withSpan("look up", (inner) => inner.setOutput("x".repeat(50_000)), { type: "tool" });
    return span.traceId;
  });
  await rivulet.flush();
  const client = await connect(rivulet, { allowWrites: true });
  await call(client, "log_feedback", { traceId, name: "helpful", value: true, rationale: "short" });
  const found = await call<{
    trace: { name: string };
    spans: Table;
    assessments: { name: string }[];
  }>(client, "get_trace", { id: traceId });
  expect(found.trace.name).toBe("answer");
  expect(found.spans.rows.map((row) => row.slice(2, 5))).toEqual([
    ["unknown", "answer", "ok"],
    ["tool", "look up", "ok"],
  ]);
  expect(found.assessments.map(({ name }) => name)).toEqual(["helpful"]);
  const spanId = found.spans.rows[1]?.[0];
  const span = await call<{ span: { output: string }; truncated: boolean }>(client, "get_span", {
    traceId,
    spanId,
    maxChars: 1000,
  });
  expect(span.truncated).toBe(true);
  expect(JSON.stringify(span).length).toBeLessThan(3000);
  expect(span.span.output).toMatch(/^x+…\[\+\d+ characters\]$/);
});

test("traces are searched by age and status, and in an order", async () => {
  const rivulet = aRivulet();
  rivulet.withSpan("good", () => undefined);
  expect(() =>
    rivulet.withSpan("bad", () => {
      throw new Error("no");
    }),
  ).toThrow("no");
  await rivulet.flush();
  const client = await connect(rivulet);
  const recent = { filter: "startTime > now() - 1h", fields: ["name"] };
  const failed = { filter: `${recent.filter} AND status = 'error'`, fields: ["name"] };
  expect((await call<Table>(client, "search_traces", failed)).rows).toEqual([["bad"]]);
  expect((await call<Table>(client, "search_traces", recent)).rows.length).toBe(2);
  for (const [order, names] of [
    ["name", [["bad"], ["good"]]],
    ["name DESC", [["good"], ["bad"]]],
  ] as const) {
    const { rows } = await call<Table>(client, "search_traces", { ...recent, orderBy: [order] });
    expect(rows).toEqual(names);
  }
});

test("every long text of a span gets the same share of maxChars", async () => {
  const rivulet = aRivulet();
  const { traceId, id: spanId } = rivulet.withSpan("copy", (span) => {
    span.setInput("x".repeat(50_000));
    span.setOutput("y".repeat(50_000));
    return span;
  });
  await rivulet.flush();
  const client = await connect(rivulet);
  const { span } = await call<{ span: { input: string; output: string } }>(client, "get_span", {
    traceId,
    spanId,
    maxChars: 10_000,
  });
  expect(span.output).toBe(span.input.replaceAll("x", "y"));
  expect(JSON.stringify(span).length).toBeLessThanOrEqual(10_000);
});

test.each([
  [
    "search_runs",
    { fields: ["nope"] },
    /^invalid_argument: There is no field "nope"\. Fields: id, experimentId, name, .*, durationMs\.$/,
  ],
  [
    "search_runs",
    { limit: 0 },
    /^invalid_argument: query\.limit: must be a whole number from 1 to 1000$/,
  ],
  [
    "search_runs",
    { fitler: "x" },
    /^invalid_argument: query\.fitler: is not known here\. Did you mean filter\?/,
  ],
  ["search_runs", { filter: "metrics.x >" }, /^invalid_argument: /],
  ["search_runs", { pageToken: "garbage" }, /^invalid_argument: .*page token/],
  ["get_run", { id: "none" }, /^not_found: /],
  ["get_prompt", { reference: "none" }, /^not_found: /],
])("%s with %j says what is wrong", async (name, input, message) => {
  const client = await connect(aRivulet());
  const result = await client.callTool({ name, arguments: input });
  expect(result.isError).toBe(true);
  expect((result.content as { text: string }[])[0]?.text).toMatch(message);
});

test("an error comes for programs too, as HTTP has it", async () => {
  const client = await connect(aRivulet());
  const result = await client.callTool({ name: "search_runs", arguments: { limit: 0 } });
  expect(result._meta).toEqual({
    "rivulet/error": {
      code: "invalid_argument",
      message: "query.limit: must be a whole number from 1 to 1000",
      details: { field: "query.limit" },
    },
  });
});

test("feedback of a tool is a model's, unless it says otherwise", async () => {
  const rivulet = aRivulet();
  const traceId = rivulet.withSpan("answer", (span) => span.traceId);
  await rivulet.flush();
  const client = await connect(rivulet, { allowWrites: true });
  await call(client, "log_feedback", { traceId, value: 1 });
  await call(client, "log_feedback", { traceId, value: 0, source: "human", sourceId: "ann" });
  const all = await rivulet.traces.listAssessments({ traceIds: [traceId] });
  expect(all.map(({ name, source, sourceId }) => [name, source, sourceId])).toEqual([
    ["feedback", "llm_judge", "mcp"],
    ["feedback", "human", "ann"],
  ]);
});
