import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RunnableLambda } from "@langchain/core/runnables";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { rivuletTelemetry } from "@rivulet/ai-sdk";
import { createRivulet, type Rivulet } from "@rivulet/core";
import { RivuletCallbackHandler } from "@rivulet/langchain";
import { tracedHandler, tracedTransport } from "@rivulet/mcp";
import { otlp, toOtlpSpan } from "@rivulet/otel";
import { traceOpenAI } from "@rivulet/providers/openai";
import { createHandler, traceHandler } from "@rivulet/server";
import OpenAI from "openai";
import { afterAll, beforeAll, expect, test } from "vitest";
import { VERSIONS_7 } from "../ai-sdk/support/labs.ts";
import { says } from "../ai-sdk/support/mock-content.ts";
import { installForTest } from "../ai-sdk/support/sdk-globals.ts";

/** What must be found nowhere: a key that is known by its form, and a value that is known by its name. */
const BODY = "Q7xT2mZ9vK4pL8wR3nB6cY1dH5";
const KEY = `sk-proj-${BODY}`;
const WORD = "correct-horse-battery";
const CARD = "4111-1111";

const TEXT = `the key is ${KEY}, and {"password":"${WORD}"} and ${CARD}`;
const MASKED = 'the key is sk-[masked], and {"password":"[masked]"} and [card]';
const VALUE = { [KEY]: 1, text: TEXT, password: WORD, headers: { Authorization: `Basic ${WORD}` } };
const MASKED_VALUE = {
  "sk-[masked]": 1,
  text: MASKED,
  password: "[masked]",
  headers: { Authorization: "[masked]" },
};

let folder: string;
let rivulet: Rivulet;
const errors: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rivulet-secrets-"));
  rivulet = createRivulet({
    store: `sqlite:${join(folder, "app.db")}`,
    onError: ({ message }) => errors.push(message),
    tracing: {
      mask: (value) => (typeof value === "string" ? value.replaceAll(CARD, "[card]") : value),
    },
  });
});

afterAll(async () => {
  await rivulet.close();
  await rm(folder, { recursive: true, force: true });
});

/** What a file holds. The store's passing files may be gone between the list and the reading. */
async function contentOf(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return Buffer.alloc(0);
    throw error;
  }
}

/** Files of the store in which something is found: database, log, spool, attachments. */
async function filesWith(text: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const found = await Promise.all(
    files.map(async ({ parentPath, name }) =>
      (await contentOf(join(parentPath, name))).includes(text) ? [name] : [],
    ),
  );
  return found.flat();
}

/** All of a trace as text, as any door tells it. */
async function told(traceId: string): Promise<string> {
  await rivulet.flush();
  const trace = await rivulet.traces.get(traceId);
  const spans = await rivulet.traces.loadSpans(traceId);
  const assessments = await rivulet.traces.listAssessments({ traceIds: [traceId] });
  const events = await Promise.all(
    spans.map(({ id }) => rivulet.traces.getSpan({ traceId, spanId: id })),
  );
  return JSON.stringify([trace, spans, events, assessments]);
}

async function latest(): Promise<string> {
  await rivulet.flush();
  const { items } = await rivulet.traces.search({ orderBy: ["startTime DESC"], limit: 1 });
  return told(items[0]?.id ?? "");
}

function aTrace(): string {
  const span = rivulet.startSpan("asked");
  span.end();
  return span.traceId;
}

/** Everything a span takes. Answers what the store tells of it. */
async function everyField(): Promise<string> {
  const span = rivulet.startSpan(`call with ${KEY}`, {
    input: VALUE,
    attributes: VALUE,
    tags: { note: TEXT, password: WORD },
    metadata: VALUE,
    sessionId: KEY,
    userId: `user ${KEY}`,
  });
  span.setOutput([VALUE]);
  span.addEvent(`event ${KEY}`, VALUE);
  const cause = new Error(TEXT, { cause: VALUE });
  span.end({ error: new AggregateError([cause], TEXT, { cause }) });
  return told(span.traceId);
}

async function messages(): Promise<string> {
  const args = JSON.stringify(VALUE);
  const span = rivulet.startSpan("chat", {
    type: "chat_model",
    input: {
      messages: [
        { role: "system", content: TEXT },
        { role: "user", content: [{ type: "text", text: TEXT }] },
        {
          role: "assistant",
          content: [{ type: "reasoning", text: TEXT }],
          toolCalls: [{ id: "1", name: "log in", arguments: VALUE, input: args }],
        },
        { role: "tool", toolCallId: "1", content: args },
      ],
    },
  });
  span.end();
  return told(span.traceId);
}

async function finishedSpans(): Promise<string> {
  const traceId = "0af7651916cd43dd8448eb211c80319c";
  await rivulet.traces.record([
    {
      traceId,
      id: "b7ad6b7169203331",
      name: `GET /?password=${WORD}`,
      startTime: 1,
      endTime: 2,
      status: "error",
      statusMessage: TEXT,
      input: VALUE,
      output: TEXT,
      attributes: VALUE,
      events: [{ name: "exception", timestamp: 1, attributes: VALUE }],
      tags: { note: TEXT },
      metadata: VALUE,
      userId: KEY,
    },
  ]);
  return told(traceId);
}

async function otlpRequest(): Promise<string> {
  const handler = createHandler(rivulet, { auth: "none", extensions: [otlp(rivulet)] });
  const traceId = "5b8efff798038103d269b633813fc60c";
  const attributes = [
    { key: "gen_ai.prompt", value: { stringValue: TEXT } },
    { key: "http.request.header.authorization", value: { stringValue: `Basic ${WORD}` } },
    { key: "input.value", value: { stringValue: JSON.stringify(VALUE) } },
    { key: "password", value: { stringValue: WORD } },
  ];
  const span = {
    traceId,
    spanId: "eee19b7ec3c1b174",
    name: `GET /?api_key=${WORD}`,
    startTimeUnixNano: "1544712660000000000",
    endTimeUnixNano: "1544712661000000000",
    attributes,
    events: [{ timeUnixNano: "1544712660300000000", name: "exception", attributes }],
    status: { code: 2, message: TEXT },
  };
  const resource = { attributes: [{ key: "db.url", value: { stringValue: `pg://u:${WORD}@h` } }] };
  const request = new Request("http://localhost/v1/traces", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] }),
  });
  expect((await handler(request, { basePath: "" })).status).toBe(200);
  await handler.close();
  return told(traceId);
}

/** What is told of a span goes on to others as it is stored. */
async function otlpExport(): Promise<string> {
  const span = rivulet.startSpan(`call with ${KEY}`, { input: VALUE, attributes: VALUE });
  span.end({ error: new Error(TEXT) });
  await rivulet.flush();
  const trace = await rivulet.traces.get(span.traceId);
  const spans = await rivulet.traces.loadSpans(span.traceId);
  return JSON.stringify(spans.map((stored) => toOtlpSpan(stored, trace))).replaceAll("\\", "");
}

async function files(): Promise<string> {
  const file = {
    filename: `${KEY}.pdf`,
    mediaType: "application/pdf",
    data: new Uint8Array(4_096),
  };
  const span = rivulet.startSpan("reads", { input: [file, TEXT] });
  span.end();
  return told(span.traceId);
}

async function httpApi(): Promise<string> {
  const handler = createHandler(rivulet, { auth: "none" });
  const send = async (at: string, body: unknown): Promise<unknown> => {
    const [method = "", path] = at.split(" ");
    const request = new Request(`http://localhost/api/v1${path}`, {
      method,
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const response = await handler(request, { basePath: "" });
    expect(response.status, `${at}: ${await response.clone().text()}`).toBeLessThan(300);
    return response.status === 204 ? undefined : response.json();
  };
  const traceId = aTrace();
  await rivulet.flush();
  const said = { value: TEXT, rationale: TEXT, metadata: VALUE };
  await send(`POST /traces/${traceId}/feedback`, said);
  await send(`POST /traces/${traceId}/expectations`, { value: VALUE });
  await send(`PATCH /traces/${traceId}`, { tags: { note: TEXT, password: WORD } });
  const records = [{ inputs: { ...VALUE, n: 3 }, expectations: TEXT, metadata: VALUE }];
  const dataset = await send("POST /datasets", { name: "by HTTP", records });
  const run = await send("POST /runs", { params: { note: TEXT }, tags: { password: WORD } });
  await handler.close();
  return JSON.stringify([dataset, run]) + (await told(traceId));
}

async function feedback(): Promise<string> {
  const traceId = aTrace();
  await rivulet.traces.logFeedback({
    traceId,
    value: TEXT,
    rationale: TEXT,
    sourceId: `judge ${KEY}`,
    metadata: VALUE,
  });
  await rivulet.traces.logExpectation({ traceId, value: VALUE });
  await rivulet.traces.update(traceId, { tags: { note: TEXT } });
  return told(traceId);
}

async function dataset(): Promise<string> {
  const record = { inputs: VALUE, expectations: TEXT, metadata: VALUE };
  await rivulet.datasets.create({ name: "logins", records: [record] });
  const more = { ...record, inputs: { ...VALUE, n: 2 } };
  await rivulet.datasets.addRecords("logins", [more]);
  const { items } = await rivulet.datasets.listRecords({ name: "logins" });
  expect(items.map(({ inputs }) => inputs)).toEqual([MASKED_VALUE, { ...MASKED_VALUE, n: 2 }]);
  return JSON.stringify(items);
}

async function evaluation(): Promise<string> {
  const inputs: typeof VALUE & { fail?: boolean } = VALUE;
  const { id } = await rivulet.evaluate({
    data: [
      { inputs, expectations: TEXT },
      { inputs: { ...inputs, fail: true }, expectations: TEXT },
    ],
    task: ({ fail }) => {
      if (fail) throw new Error(TEXT);
      return VALUE;
    },
    scorers: [
      function judge() {
        return { value: 1, label: TEXT, rationale: TEXT, metadata: VALUE };
      },
      function broken() {
        throw new Error(TEXT);
      },
    ],
  });
  await rivulet.flush();
  const { items } = await rivulet.evaluations.listRows({ evaluationId: id });
  const traceIds = items.flatMap(({ traceId }) => traceId ?? []);
  return JSON.stringify([items, await rivulet.traces.listAssessments({ traceIds })]);
}

async function run(): Promise<string> {
  const started = await rivulet.runs.start({
    params: { password: WORD, note: TEXT },
    tags: { note: TEXT },
  });
  await started.logParams({ dbPassword: WORD });
  await started.setTags({ "x-api-key": WORD });
  await started.finish();
  return JSON.stringify(await rivulet.runs.get(started.id));
}

async function langchain(): Promise<string> {
  const chain = RunnableLambda.from((input: typeof VALUE) => {
    if (input.text === "") throw new Error(TEXT);
    return input;
  });
  const callbacks = [new RivuletCallbackHandler(rivulet)];
  await chain.invoke(VALUE, { callbacks, metadata: { note: TEXT }, tags: [KEY] });
  return latest();
}

async function aiSdk(): Promise<string> {
  const [lab] = VERSIONS_7;
  if (lab === undefined) throw new Error("There is no version.");
  installForTest(rivuletTelemetry(rivulet));
  await lab.ai.generateText({
    model: lab.model("m", says(TEXT)),
    prompt: TEXT,
    instructions: TEXT,
  });
  return latest();
}

async function openai(): Promise<string> {
  const message = { role: "assistant", content: TEXT, refusal: null };
  const body = { id: "1", model: "gpt-5", choices: [{ index: 0, message, finish_reason: "stop" }] };
  const client = traceOpenAI(
    new OpenAI({
      apiKey: KEY,
      baseURL: "http://model.example",
      fetch: async () => Response.json(body),
    }),
    rivulet,
  );
  await client.chat.completions.create({
    model: "gpt-5",
    messages: [{ role: "user", content: TEXT }],
  });
  return latest();
}

async function mcpTool(): Promise<string> {
  const tool = tracedHandler(rivulet, "log in", async (_args: typeof VALUE, _extra: unknown) => ({
    content: [{ type: "text" as const, text: TEXT }],
  }));
  await tool(VALUE, {});
  return latest();
}

async function mcpClient(): Promise<string> {
  const server = new McpServer({ name: "app", version: "1.0.0" });
  const content = [{ type: "text" as const, text: TEXT }];
  server.registerTool("log in", {}, async () => ({ content }));
  const [near, far] = InMemoryTransport.createLinkedPair();
  await server.connect(far);
  const client = new Client({ name: "test", version: "1.0.0" });
  await client.connect(tracedTransport(rivulet, near));
  await client.callTool({ name: "log in", arguments: VALUE });
  await client.close();
  return latest();
}

async function request(): Promise<string> {
  const GET = traceHandler(rivulet, async (_request: Request) => {
    rivulet.startSpan("reads", { input: { url: `/a?token=${KEY}&password=${WORD}` } }).end();
    throw new Error(TEXT);
  });
  const url = `http://app.example/a?api_key=${WORD}`;
  const headers = { authorization: `Bearer ${KEY}`, cookie: `sid=${WORD}` };
  await expect(GET(new Request(url, { headers }))).rejects.toThrow();
  return latest();
}

test.each<readonly [door: string, record: () => Promise<string>]>([
  ["every field of a span", everyField],
  ["messages", messages],
  ["spans that have ended elsewhere", finishedSpans],
  ["OTLP", otlpRequest],
  ["an export as OTLP", otlpExport],
  ["names of files", files],
  ["the HTTP API", httpApi],
  ["feedback, expectations and tags", feedback],
  ["examples of a dataset", dataset],
  ["rows and scores of an evaluation", evaluation],
  ["params and tags of a run", run],
  ["LangChain", langchain],
  ["the AI SDK", aiSdk],
  ["a provider's client", openai],
  ["a tool of an MCP server", mcpTool],
  ["a client of MCP", mcpClient],
  ["a request", request],
])("no secret comes through %s", async (_door, record) => {
  const all = await record();
  for (const secret of [BODY, WORD, CARD]) expect(all).not.toContain(secret);
  const early = await Promise.all([BODY, WORD, CARD].map(filesWith));
  expect(early).toEqual([[], [], []]);
  expect(all).toContain("the key is sk-[masked], and ");
  expect(all).toContain("[card]");
});

test("what is masked is masked exactly, and the rest is as it was", async () => {
  const span = rivulet.startSpan("exact", { input: VALUE });
  span.end();
  await rivulet.flush();
  const [stored] = await rivulet.traces.loadSpans(span.traceId);
  expect(stored?.input).toEqual(MASKED_VALUE);
  expect(errors).toEqual([]);
});
