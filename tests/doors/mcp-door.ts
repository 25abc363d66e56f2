import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import { fieldsOf, type Operation, type OperationId, type Rivulet } from "@rivulet/core";
import { createMcpServer } from "@rivulet/mcp";
import type * as z from "zod";
import type { Input } from "./door.ts";
import { operationOf } from "./operation-of.ts";

/** What a tool offers, as the package knows it. */
export interface OfferedTool {
  readonly name: string;
  readonly access: string;
  readonly operations: readonly OperationId[];
}

const PACKAGE = dirname(createRequire(import.meta.url).resolve("@rivulet/mcp/package.json"));
// Not of the package's public entry: what is offered is told to MCP clients, and held here.
const tools = (await import(join(PACKAGE, "src/all-tools.ts"))) as {
  readonly allTools: readonly OfferedTool[];
};

/** Every tool. */
export const allTools: readonly OfferedTool[] = tools.allTools;

type Answer = Readonly<Record<string, unknown>>;

/** How an operation is called through a tool, and how its answer is read out of the tool's. */
interface Passage {
  readonly tool: string;
  /** Its arguments. @default the operation's input */
  readonly given?: (input: Input) => Input;
  /** What the operation gave. @default the tool's answer */
  readonly read?: (answer: Answer) => unknown;
  /** What a tool that shows less shows of the operation's answer. @default all of it */
  readonly shown?: (answer: unknown) => unknown;
  /** The operation is a part of what the tool does, so that its fields have other names. */
  readonly isPart?: true;
}

const TIMES = [
  ...["createdAt", "updatedAt", "startTime", "endTime", "at"],
  ...["firstTraceTime", "lastTraceTime"],
];

/** A table has null where a field is absent, and times as text. */
function itemsOf({ columns, rows }: Answer): readonly unknown[] {
  return (rows as readonly unknown[][]).map((row) =>
    Object.fromEntries(
      (columns as readonly string[]).flatMap((name, at) => {
        if (row[at] === null) return [];
        return [[name, TIMES.includes(name) ? Date.parse(String(row[at])) : row[at]]];
      }),
    ),
  );
}

/** A page: all columns are asked for, and the rows are items again. */
function page(tool: string, id: OperationId): readonly [OperationId, Passage] {
  const { items } = fieldsOf(operationOf(id).output);
  const fields = Object.keys(fieldsOf((items as z.ZodArray).element as z.ZodType));
  const given = (input: Input): Input => ({ limit: 100, ...input, fields });
  const read = ({ columns, rows, ...place }: Answer): unknown => ({
    items: itemsOf({ columns, rows }),
    ...place,
  });
  return [id, { tool, given, read }];
}

/** A record with the address of its resource beside it. */
function withUri(tool: string, id: OperationId): readonly [OperationId, Passage] {
  return [id, { tool, read: ({ uri: _, ...record }) => record }];
}

/** A list, which is in an object. */
function list(tool: string, id: OperationId): readonly [OperationId, Passage] {
  return [id, { tool, read: ({ items }) => items }];
}

/** An operation without an answer is done. */
function done(tool: string, id: OperationId): readonly [OperationId, Passage] {
  return [id, { tool, read: ({ done: isDone }) => (isDone === true ? undefined : "not done") }];
}

/** Some fields of each item. */
function only(items: unknown, names: readonly string[]): readonly unknown[] {
  return (items as readonly Answer[]).map((item) =>
    Object.fromEntries(Object.entries(item).filter(([name]) => names.includes(name))),
  );
}

/** What went in and came out. */
function said(turns: unknown): readonly unknown[] {
  return only(turns, ["input", "output"]);
}

const OF_SPANS = ["id", "parentId", "type", "name", "status", "model"];
const OF_COMPARED = ["rowId", "inputsPreview", "differences"];

/** Every operation that can be called through a tool, and all in which the answers differ. */
export const PASSAGES: ReadonlyMap<OperationId, Passage> = new Map([
  page("search_experiments", "experiments.search"),
  page("search_runs", "runs.search"),
  withUri("get_run", "runs.get"),
  list("list_artifacts", "artifacts.list"),
  list("get_metric_history", "runs.metricSeries"),
  page("search_models", "models.search"),
  withUri("get_model", "models.get"),
  page("search_model_versions", "models.searchVersions"),
  page("search_logged_models", "loggedModels.search"),
  ["models.lineage", { tool: "get_model_lineage" }],
  page("get_model_history", "models.history"),
  done("set_model_alias", "models.setAlias"),
  page("search_prompts", "prompts.search"),
  withUri("get_prompt", "prompts.get"),
  ["prompts.render", { tool: "render_prompt" }],
  withUri("register_prompt", "prompts.register"),
  done("set_prompt_alias", "prompts.setAlias"),
  page("search_traces", "traces.search"),
  list("aggregate_traces", "traces.aggregate"),
  list("group_errors", "traces.groupErrors"),
  ["traces.get", { tool: "get_trace", read: ({ trace }) => trace }],
  [
    "traces.listSpans",
    {
      tool: "get_trace",
      isPart: true,
      given: ({ traceId, ...others }) => ({ ...others, id: traceId }),
      read: ({ spans }) => only(itemsOf(spans as Answer), OF_SPANS),
      shown: (spans) => only(spans, OF_SPANS),
    },
  ],
  [
    "traces.listAssessments",
    {
      tool: "get_trace",
      isPart: true,
      given: ({ traceIds, ...others }) => ({ ...others, id: [traceIds].flat()[0] }),
      read: ({ assessments }) => assessments,
    },
  ],
  ["traces.getSpan", { tool: "get_span", read: ({ span }) => span }],
  [
    "traces.logFeedback",
    {
      tool: "log_feedback",
      // A tool's feedback is a model's, unless it says otherwise.
      given: (input) => ({ name: "user_feedback", source: "human", ...input }),
    },
  ],
  page("search_sessions", "sessions.search"),
  ["sessions.get", { tool: "get_session", read: ({ session }) => session }],
  [
    "sessions.listTurns",
    {
      tool: "get_session",
      isPart: true,
      given: ({ sessionId, ...others }) => ({ ...others, id: sessionId }),
      read: ({ turns }) => said(turns),
      shown: (page) => said((page as Answer)["items"]),
    },
  ],
  page("search_datasets", "datasets.search"),
  page("get_dataset_records", "datasets.listRecords"),
  page("search_evaluations", "evaluations.search"),
  page("get_evaluation_rows", "evaluations.listRows"),
  [
    "evaluations.compare",
    {
      tool: "compare_evaluations",
      read: ({ rows, ...summary }) => ({
        ...summary,
        rows: only(itemsOf(rows as Answer), OF_COMPARED),
      }),
      shown: (answer) => {
        const { rows, ...summary } = answer as Answer;
        return { ...summary, rows: only(rows, OF_COMPARED) };
      },
    },
  ],
] satisfies readonly (readonly [OperationId, Passage])[]);

/** Calls what MCP offers through a client of the protocol, and the other operations in the process. */
export function mcpDoor(rivulet: Rivulet) {
  const connected = connect(rivulet);
  connected.catch(() => undefined);
  return {
    name: "mcp",
    close: async (): Promise<void> => (await connected).close(),
    call: async (operation: Operation, input: Input): Promise<unknown> => {
      const passage = PASSAGES.get(operation.id);
      if (passage === undefined) return operation.run(rivulet, input);
      return callTool(await connected, passage, input);
    },
  };
}

async function connect(rivulet: Rivulet): Promise<Client> {
  const [near, far] = InMemoryTransport.createLinkedPair();
  await createMcpServer(rivulet, { allowWrites: true }).connect(far);
  const client = new Client({ name: "doors", version: "1.0.0" });
  await client.connect(near);
  return client;
}

async function callTool(
  client: Client,
  { tool, given = (input) => input, read = (answer) => answer }: Passage,
  input: Input,
): Promise<unknown> {
  // As a host sends it: JSON.
  const sent = JSON.parse(JSON.stringify(given(input)));
  const result = await client.callTool({ name: tool, arguments: sent });
  if (result.isError !== true) return read(result.structuredContent as Answer);
  const error = result._meta?.["rivulet/error"];
  if (error === undefined) throw new Error(JSON.stringify(result.content));
  throw error;
}
