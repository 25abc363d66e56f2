import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { type OperationId, operations, type Rivulet } from "@rivulet/core";
import { hexId } from "@rivulet/core/testing";
import { expect, test } from "vitest";
import { aRivulet, call, connect } from "../mcp/connect.ts";
import { NOT_OFFERED } from "./not-offered.ts";
import { seed } from "./script.ts";

interface OfferedTool {
  readonly name: string;
  readonly access: string;
  readonly operations: readonly OperationId[];
}

const PACKAGE = dirname(createRequire(import.meta.url).resolve("@rivulet/mcp/package.json"));
// Not of the package's public entry: what is offered is told to MCP clients, and held here.
const { allTools } = (await import(join(PACKAGE, "src/all-tools.ts"))) as {
  readonly allTools: readonly OfferedTool[];
};

const offered = new Set(allTools.flatMap((tool) => tool.operations));

test("every operation is offered by a tool, or there is a reason why not", () => {
  const left = operations.filter(({ id }) => !offered.has(id)).map(({ id }) => id);
  expect(Object.keys(NOT_OFFERED).sort()).toEqual(left.sort());
});

test("a tool that only reads offers nothing that writes", () => {
  const writing = operations.filter(({ access }) => access !== "read").map(({ id }) => id);
  const reading = allTools.filter(({ access }) => access === "read");
  const wrong = reading.flatMap((tool) => tool.operations.filter((id) => writing.includes(id)));
  expect(wrong).toEqual([]);
});

/** Something of each kind. */
async function aFullStore(): Promise<Rivulet> {
  const rivulet = aRivulet();
  await seed(rivulet);
  await rivulet.runs.create({ name: "one", params: { depth: 3 } });
  await rivulet.models.register({ name: "tree", aliases: ["best"] });
  await rivulet.prompts.register({ name: "greet", template: "Hi {{name}}" });
  await rivulet.datasets.create({ name: "sums", records: [{ inputs: "1 + 1?" }] });
  return rivulet;
}

interface Listed {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

test.each([
  ["search_experiments", "experiments", "id"],
  ["search_runs", "runs", "id"],
  ["search_models", "models", "name"],
  ["search_prompts", "prompts", "name"],
  ["search_traces", "traces", "id"],
  ["search_datasets", "datasets", "name"],
  ["search_evaluations", "evaluations", "id"],
] as const)("%s finds what %s.search finds, in the same order", async (tool, group, key) => {
  const rivulet = await aFullStore();
  const client = await connect(rivulet);
  const { items } = await rivulet[group].search();
  const { columns, rows } = await call<Listed>(client, tool, { fields: [key] });
  expect(columns).toEqual([key]);
  expect(rows.length).toBeGreaterThan(0);
  expect(rows.flat()).toEqual(
    items.map((item) => (item as unknown as Record<string, unknown>)[key]),
  );
});

/** What tools read of one thing, and the verb that gives the same. */
const READ: readonly [
  tool: string,
  input: (ids: Ids) => object,
  part: string,
  verb: (rivulet: Rivulet, ids: Ids) => Promise<unknown>,
][] = [
  ["get_run", ({ run }) => ({ runId: run }), "run", (rivulet, { run }) => rivulet.runs.get(run)],
  ["get_model", () => ({ name: "tree" }), "model", (rivulet) => rivulet.models.get("tree")],
  [
    "get_trace",
    ({ trace }) => ({ traceId: trace }),
    "trace",
    (rivulet, { trace }) => rivulet.traces.get(trace),
  ],
  [
    "get_prompt",
    () => ({ name: "greet" }),
    "template",
    async (rivulet) => (await rivulet.prompts.get("greet")).template,
  ],
  [
    "get_dataset_records",
    () => ({ name: "sums", fields: ["inputs"] }),
    "rows",
    async (rivulet) => {
      const { items } = await rivulet.datasets.listRecords({ name: "sums" });
      return items.map(({ inputs }) => [inputs]);
    },
  ],
];

interface Ids {
  readonly run: string;
  readonly trace: string;
}

test.each(READ)("%s gives what the verb gives", async (...given) => {
  const [tool, input, part, verb] = given;
  const rivulet = await aFullStore();
  const client = await connect(rivulet);
  const [run, trace] = await Promise.all([rivulet.runs.search(), rivulet.traces.search()]);
  const ids = { run: run.items[0]?.id ?? "", trace: trace.items[0]?.id ?? "" };
  const answer = await call<Record<string, unknown>>(client, tool, input(ids));
  expect(answer[part]).toEqual(JSON.parse(JSON.stringify(await verb(rivulet, ids))));
});

interface Property {
  readonly type?: string;
  readonly maxLength?: number;
}

/** Bad arguments of a tool, each with what is wrong with it. */
function badArguments(
  properties: Readonly<Record<string, Property>>,
  required: readonly string[],
): readonly (readonly [what: string, input: object])[] {
  return [
    ["a field that it does not know", { nmae: "x" }],
    ...(required.length > 0 ? [["nothing", {}] as const] : []),
    ...Object.entries(properties).flatMap(([name, { type, maxLength }]) => [
      [`a wrong type for ${name}`, { [name]: type === "object" ? 5 : { not: "this" } }] as const,
      ...(maxLength === undefined
        ? []
        : [[`too much for ${name}`, { [name]: "x".repeat(maxLength + 1) }] as const]),
    ]),
  ];
}

async function refusalOf(client: Client, name: string, input: object): Promise<string> {
  const result = await client.callTool({ name, arguments: { ...input } });
  const [block] = result.content as { readonly text: string }[];
  return result.isError === true ? (block?.text ?? "") : `answered ${block?.text}`;
}

test("every tool refuses bad arguments with one code and the place", async () => {
  const rivulet = await aFullStore();
  const client = await connect(rivulet, { allowWrites: true });
  const { tools } = await client.listTools();
  const before = (await rivulet.runs.search()).items;
  let tried = 0;
  for (const { name, inputSchema } of tools) {
    const properties = (inputSchema.properties ?? {}) as Readonly<Record<string, Property>>;
    for (const [what, input] of badArguments(properties, inputSchema.required ?? [])) {
      const refusal = await refusalOf(client, name, input);
      expect({ name, what, refusal }).toEqual({
        name,
        what,
        refusal: expect.stringMatching(/^invalid_argument: arguments\.\w+/),
      });
      tried += 1;
    }
  }
  expect(tried).toBeGreaterThan(100);
  expect((await rivulet.runs.search()).items).toEqual(before);
});

test.each([
  ["get_run", { runId: hexId(99) }],
  ["get_trace", { traceId: hexId(99) }],
  ["get_model", { name: "greet" }],
  ["get_prompt", { name: "tree" }],
  ["get_dataset_records", { name: "tree" }],
  ["set_model_alias", { name: "greet", alias: "best", version: 1 }],
  ["set_prompt_alias", { name: "tree", alias: "live", version: 1 }],
])("%s says that %j is not there", async (name, input) => {
  const client = await connect(await aFullStore(), { allowWrites: true });
  expect(await refusalOf(client, name, input)).toMatch(/^not_found: /);
});

test("a prototype among the arguments changes nothing", async () => {
  const client = await connect(await aFullStore());
  const input: object = JSON.parse('{"runId":"none","__proto__":{"polluted":true}}');
  const result = await client.callTool({ name: "get_run", arguments: { ...input } });
  expect(result.isError).toBe(true);
  expect("polluted" in {}).toBe(false);
});
