import type { Client } from "@modelcontextprotocol/sdk/client/index.js";
import type { Rivulet } from "@rivulet/core";
import { operations } from "@rivulet/core/operations";
import { hexId } from "@rivulet/core/testing";
import { expect, test } from "vitest";
import { aRivulet, call, connect } from "../mcp/connect.ts";
import { allTools, PASSAGES } from "./mcp-door.ts";
import { NOT_OFFERED } from "./not-offered.ts";
import { seed } from "./script.ts";

const offered = [...new Set(allTools.flatMap((tool) => tool.operations))].sort();

/** Steps of log_run, which makes one run of them. */
const OF_LOG_RUN = ["runs.create", "runs.logBatch", "runs.update"];

test("every operation is offered by a tool, or there is a reason why not", () => {
  const left = operations.filter(({ id }) => !offered.includes(id)).map(({ id }) => id);
  expect(Object.keys(NOT_OFFERED).sort()).toEqual(left.sort());
});

test("every operation that a tool offers is called through it by the other tests of doors", () => {
  expect([...PASSAGES.keys(), ...OF_LOG_RUN].sort()).toEqual(offered);
});

test("a tool that only reads offers nothing that writes", () => {
  const writing = operations.filter(({ access }) => access !== "read").map(({ id }) => id);
  const reading = allTools.filter(({ access }) => access === "read");
  const wrong = reading.flatMap((tool) => tool.operations.filter((id) => writing.includes(id)));
  expect(wrong).toEqual([]);
});

test("log_run makes the run that its steps make", async () => {
  const rivulet = aRivulet();
  const client = await connect(rivulet, { allowWrites: true });
  const facts = { experiment: "iris", name: "one", params: { depth: 3 }, tags: { a: "b" } };
  const metrics = [{ key: "loss", value: "NaN", step: 2 }];
  const { id, uri } = await call<{ id: string; uri: string }>(client, "log_run", {
    ...facts,
    metrics,
  });
  const run = await rivulet.runs.get(id);
  expect(run).toMatchObject({
    name: "one",
    status: "finished",
    params: { depth: "3" },
    tags: { a: "b" },
    metrics: { loss: Number.NaN },
  });
  expect(run.endTime).toBeGreaterThanOrEqual(run.startTime);
  expect(uri).toBe(`rivulet://runs/${id}`);
  expect((await rivulet.experiments.get(run.experimentId)).name).toBe("iris");
});

test.each([
  ["metrics", [{ key: "loss", value: "low" }]],
  ["metrics", { loss: 0.1 }],
  ["parms", { depth: 3 }],
  ["name", 5],
])("log_run makes no run when its %s is %j", async (field, value) => {
  const rivulet = aRivulet();
  const client = await connect(rivulet, { allowWrites: true });
  expect(await refusalOf(client, "log_run", { [field]: value })).toMatch(
    new RegExp(`^invalid_argument: \\w+\\.${field}`),
  );
  expect(await rivulet.runs.count()).toBe(0);
});

/** A trace, and something of each kind with a name. */
async function aFullStore(): Promise<Rivulet> {
  const rivulet = aRivulet();
  await seed(rivulet);
  await rivulet.models.register({ name: "tree", aliases: ["best"] });
  await rivulet.prompts.register({ name: "greet", template: "Hi {{name}}" });
  return rivulet;
}

async function refusalOf(client: Client, name: string, input: object): Promise<string> {
  const result = await client.callTool({ name, arguments: { ...input } });
  const [block] = result.content as { readonly text: string }[];
  return result.isError === true ? (block?.text ?? "") : `answered ${block?.text}`;
}

/** Arguments that a tool has besides those of its operation, each with a wrong value. */
const OF_VIEWS = [
  ["search_runs", { fields: "id" }, "fields"],
  ["search_runs", { fields: [5] }, "fields"],
  ["get_span", { traceId: hexId(1), spanId: hexId(1, 16), maxChars: 10 }, "maxChars"],
  ["compare_evaluations", { baselineId: "1", candidateId: "2", limit: 0 }, "limit"],
  ["compare_runs", { runIds: ["1"] }, "runIds"],
  ["compare_runs", { runIds: ["1", "2"], onlyDifferences: "yes" }, "onlyDifferences"],
  ["compare_runs", { runIds: ["1", "2"], nmae: "x" }, "nmae"],
  ["get_overview", { nmae: "x" }, "nmae"],
] as const;

test.each(OF_VIEWS)("%s refuses %j and names the place", async (...given) => {
  const [name, input, place] = given;
  const client = await connect(await aFullStore());
  expect(await refusalOf(client, name, input)).toMatch(
    new RegExp(`^invalid_argument: arguments\\.${place}`),
  );
});

test.each([
  ["get_run", { id: hexId(99) }],
  ["get_trace", { id: hexId(99) }],
  ["get_model", { name: "greet" }],
  ["get_prompt", { reference: "tree" }],
  ["get_dataset_records", { name: "tree" }],
  ["set_model_alias", { name: "greet", alias: "best", version: 1 }],
  ["set_prompt_alias", { name: "tree", alias: "live", version: 1 }],
  ["compare_runs", { runIds: [hexId(98), hexId(99)] }],
])("%s says that %j is not there", async (name, input) => {
  const client = await connect(await aFullStore(), { allowWrites: true });
  expect(await refusalOf(client, name, input)).toMatch(/^not_found: /);
});

test("a prototype among the arguments changes nothing", async () => {
  const client = await connect(await aFullStore());
  const input: object = JSON.parse('{"id":"none","__proto__":{"polluted":true}}');
  const result = await client.callTool({ name: "get_run", arguments: { ...input } });
  expect(result.isError).toBe(true);
  expect("polluted" in {}).toBe(false);
});
