import type { FinishedSpan } from "@rivulet/core";
import { normalizeSpan, type OtelAttributes, type OtelSpan } from "@rivulet/otel";
import { describe, expect, it } from "vitest";

function normalized(attributes: OtelAttributes, fields: Partial<OtelSpan> = {}): FinishedSpan {
  return normalizeSpan({
    traceId: "5b8efff798038103d269b633813fc60c",
    spanId: "00000000000000a1",
    name: "work",
    startTime: 1_798_761_600_000_000_000n,
    endTime: 1_798_761_601_000_000_000n,
    attributes,
    ...fields,
  });
}

it.each<[string, OtelAttributes]>([
  ["flex", { "gen_ai.openai.request.service_tier": "flex" }],
  [
    "priority",
    {
      "gen_ai.openai.request.service_tier": "auto",
      "gen_ai.openai.response.service_tier": "priority",
    },
  ],
  ["default", { "openai.request.service_tier": "flex", "openai.response.service_tier": "default" }],
])("the tier of a call is the one it was served in: %s", (tier, attributes) => {
  expect(normalized(attributes).attributes).toEqual({ serviceTier: tier });
});

it.each<[string, object, object]>([
  [
    "the OpenAI wrapper",
    { input: 86, input_cached_tokens: 800, output: 40, output_reasoning_tokens: 60, total: 986 },
    { inputTokens: 886, outputTokens: 100, cacheReadTokens: 800, reasoningTokens: 60 },
  ],
  [
    "the LangChain handler, which takes the writes of an hour from the input twice",
    {
      input: 700,
      input_cache_read: 800,
      input_cache_creation: 300,
      input_ephemeral_1h_input_tokens: 300,
      output: 50,
      output_reasoning: 30,
      total: 2_180,
    },
    {
      inputTokens: 2_100,
      outputTokens: 80,
      cacheReadTokens: 800,
      cacheWriteTokens: 300,
      cacheWrite1hTokens: 300,
      reasoningTokens: 30,
    },
  ],
  [
    "an app that gives no total",
    { input: 5_000, input_cached_tokens: 1_000, input_audio_tokens: 50, output: 10 },
    { inputTokens: 6_050, outputTokens: 10, cacheReadTokens: 1_000, audioInputTokens: 50 },
  ],
  [
    "an app whose total has the parts inside",
    { input: 5_000, input_cached_tokens: 1_000, output: 10, total: 5_010 },
    { inputTokens: 5_000, outputTokens: 10, cacheReadTokens: 1_000 },
  ],
])(
  "the parts that Langfuse counts apart are added to input and output: %s",
  (_, details, usage) => {
    const span = normalized({
      "langfuse.observation.type": "generation",
      "langfuse.observation.usage_details": JSON.stringify(details),
    });
    expect(span.usage).toMatchObject(usage);
  },
);

it("what Anthropic's cache read, and AI SDK 5 leaves out of the input, is part of it", () => {
  const { usage } = normalized({
    "ai.operationId": "ai.generateText.doGenerate",
    "ai.usage.inputTokens": 10,
    "ai.usage.outputTokens": 5,
    "ai.usage.totalTokens": 15,
    "ai.usage.cachedInputTokens": 90,
    "ai.response.providerMetadata": JSON.stringify({
      anthropic: { usage: { input_tokens: 10, cache_read_input_tokens: 90, output_tokens: 5 } },
    }),
  });
  expect(usage).toEqual({ inputTokens: 100, outputTokens: 5, cacheReadTokens: 90 });
});

it("LiteLLM's cost of a call is its cost", () => {
  const given = { "gen_ai.operation.name": "chat", "gen_ai.cost.total_cost": 0.5 };
  expect(normalized({ ...given, "gen_ai.cost.input_cost": 0.2 }).cost).toBe(0.5);
});

it("MLflow's spans say type, bodies, model, tokens, cost, prompts and session", () => {
  const span = normalized({
    "mlflow.spanType": '"CHAT_MODEL"',
    "mlflow.spanInputs": '{"messages":[{"role":"user","content":"Hi"}],"temperature":0}',
    "mlflow.spanOutputs": '{"choices":[{"message":{"role":"assistant","content":"Hello"}}]}',
    "mlflow.llm.model": '"gpt-5-mini"',
    "mlflow.llm.provider": '"openai"',
    "mlflow.chat.tokenUsage": '{"input_tokens":3,"output_tokens":2,"total_tokens":5}',
    "mlflow.llm.cost": '{"input_cost":0.1,"output_cost":0.2,"total_cost":0.3}',
    "mlflow.linkedPrompts": '[{"name":"greet","version":"2"},{"name":"broken"}]',
    "mlflow.trace.session": "s1",
    "mlflow.trace.user": "u1",
    "mlflow.traceTag.team": "demo",
  });
  expect(span).toMatchObject({
    type: "chat_model",
    input: { messages: [{ role: "user", content: "Hi" }], temperature: 0 },
    output: { messages: [{ role: "assistant", content: "Hello" }] },
    model: "gpt-5-mini",
    provider: "openai",
    usage: { inputTokens: 3, outputTokens: 2, totalTokens: 5 },
    cost: 0.3,
    prompts: [{ name: "greet", version: 2 }],
    sessionId: "s1",
    userId: "u1",
    tags: { team: "demo" },
    attributes: {},
  });
});

it("Braintrust's spans say type, bodies and tokens", () => {
  const span = normalized({
    "braintrust.span_attributes": '{"type":"llm","name":"chat"}',
    "braintrust.input_json": '[{"role":"user","content":"Hi"}]',
    "braintrust.output_json": '{"role":"assistant","content":"Hello"}',
    "braintrust.metrics": '{"prompt_tokens":3,"completion_tokens":2,"tokens":5}',
    "braintrust.tags": ["demo"],
  });
  expect(span).toMatchObject({
    type: "chat_model",
    input: { messages: [{ role: "user", content: "Hi" }] },
    output: { messages: [{ role: "assistant", content: "Hello" }] },
    usage: { inputTokens: 3, outputTokens: 2, totalTokens: 5 },
    tags: { demo: "true" },
  });
});

it("what Braintrust's wrapper of OpenAI tells is read whole", () => {
  const span = normalized({
    "braintrust.span_attributes": '{"type":"llm","name":"chat"}',
    "braintrust.output_json":
      '[{"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}]',
    "braintrust.metadata": '{"model":"gpt-5-mini","temperature":0}',
    "braintrust.metrics":
      '{"prompt_tokens":9,"completion_tokens":5,"prompt_cached_tokens":4,"prompt_cache_creation_tokens":2,"completion_reasoning_tokens":3,"time_to_first_token":0.25}',
  });
  expect(span).toMatchObject({
    output: { messages: [{ role: "assistant", content: "Hello" }] },
    model: "gpt-5-mini",
    usage: {
      inputTokens: 9,
      outputTokens: 5,
      cacheReadTokens: 4,
      cacheWriteTokens: 2,
      reasoningTokens: 3,
    },
    firstTokenTime: 1_798_761_600_250,
  });
});

it.each(["tool_call", "message_content.tool_call"])(
  "OpenInference's calls among the parts of a message are read from %s",
  (place) => {
    const part = "llm.output_messages.0.message.contents.0.";
    const { output } = normalized({
      "llm.output_messages.0.message.role": "assistant",
      [`${part}message_content.type`]: "tool_use",
      [`${part}${place}.id`]: "t1",
      [`${part}${place}.function.name`]: "find",
      [`${part}${place}.function.arguments`]: '{"q":"river"}',
    });
    const call = { type: "tool_call", id: "t1", name: "find", arguments: { q: "river" } };
    expect(output).toEqual({ messages: [{ role: "assistant", content: [call] }] });
  },
);

it("the tools of a provider's server say what they were called with and have answered", () => {
  const search = { type: "web_search", query: "river" };
  const parts = [
    { type: "server_tool_call", id: "s1", name: "web_search", server_tool_call: search },
    { type: "server_tool_call_response", id: "s1", server_tool_call_response: { found: 1 } },
  ];
  const { output } = normalized({
    "gen_ai.output.messages": JSON.stringify([{ role: "assistant", parts }]),
  });
  expect(output).toMatchObject({
    messages: [
      {
        content: [
          { type: "tool_call", id: "s1", name: "web_search", arguments: search },
          { type: "tool_result", id: "s1", content: [{ type: "data", value: { found: 1 } }] },
        ],
      },
    ],
  });
});

it("Flue's tools are tools", () => {
  const span = normalized({
    "flue.tool.name": "look",
    "flue.tool.call_id": "c1",
    "flue.tool.arguments": '{"zoom":2}',
    "flue.tool.result": '"a rose"',
  });
  expect(span).toMatchObject({
    type: "tool",
    name: "look",
    input: { zoom: 2 },
    output: "a rose",
    attributes: { toolCallId: "c1", "otel.name": "work" },
  });
});

describe("when the first token came", () => {
  it.each<readonly [string, OtelAttributes]>([
    ["seconds after the start", { "gen_ai.response.time_to_first_chunk": 0.25 }],
    ["seconds, by AI SDK 7", { "gen_ai.client.operation.time_to_first_chunk": 0.25 }],
    ["milliseconds, by AI SDK 5", { "ai.response.msToFirstChunk": 250 }],
    [
      "a date, by Langfuse",
      { "langfuse.observation.completion_start_time": '"2027-01-01T00:00:00.250Z"' },
    ],
    ["a date, by Mastra", { "mastra.completion_start_time": "2027-01-01T00:00:00.250Z" }],
  ])("is told as %s", (_, attributes) => {
    expect(normalized(attributes).firstTokenTime).toBe(1_798_761_600_250);
  });

  it("is not before the start", () => {
    const attributes = { "mastra.completion_start_time": "2026-12-31T23:59:59Z" };
    expect(normalized(attributes).firstTokenTime).toBeUndefined();
  });
});

describe("how a span ended", () => {
  const exception = (type: string): OtelSpan["events"] => [
    {
      name: "exception",
      time: 1_798_761_600_500_000_000n,
      attributes: { "exception.type": type, "exception.message": "It broke." },
    },
  ];

  it("is well, as long as nobody says otherwise", () => {
    const { status, statusMessage } = normalized({}, { events: exception("ValueError") });
    expect([status, statusMessage]).toEqual([undefined, undefined]);
  });

  it("is told by its status, and why by the nearest that says so", () => {
    expect(normalized({}, { status: { code: 2, message: "No." } })).toMatchObject({
      status: "error",
      statusMessage: "No.",
    });
    expect(normalized({}, { status: { code: 2 }, events: exception("ValueError") })).toMatchObject({
      status: "error",
      statusMessage: "It broke.",
    });
    const told = { status: { code: 2 }, events: exception("ValueError") };
    expect(normalized({ "error.type": "ValueError" }, told).statusMessage).toBe("It broke.");
  });

  it.each(["AbortError", "asyncio.exceptions.CancelledError"])("by %s is cancelled", (type) => {
    const { status } = normalized({}, { status: { code: 2 }, events: exception(type) });
    expect(status).toBe("cancelled");
  });

  it("is an error where Langfuse's level says so", () => {
    const attributes = {
      "langfuse.observation.level": "ERROR",
      "langfuse.observation.status_message": "timed out",
    };
    expect(normalized(attributes)).toMatchObject({ status: "error", statusMessage: "timed out" });
  });
});

it("what no convention knows stays as it is, with who made the span and where", () => {
  const span = normalized(
    { "http.route": "/chat", flags: ["a", "b"], nested: { a: 1 } },
    {
      kind: 2,
      scope: { name: "http", version: "1.0" },
      resource: { "service.name": "shop", "host.name": "h1" },
      links: [{ traceId: "1".repeat(32), spanId: "2".repeat(16) }],
      traceState: "a=b",
      droppedCount: 3,
    },
  );
  expect(span.attributes).toEqual({
    "http.route": "/chat",
    flags: ["a", "b"],
    nested: { a: 1 },
    "otel.kind": "server",
    "otel.scope.name": "http",
    "otel.scope.version": "1.0",
    "otel.links": [{ traceId: "1".repeat(32), spanId: "2".repeat(16) }],
    "otel.trace_state": "a=b",
    "otel.dropped_count": 3,
    "service.name": "shop",
    "otel.resource": { "host.name": "h1" },
  });
});

it("what is known of a service stands where its part of a trace begins", () => {
  const resource = { "service.name": "shop", "host.name": "h1" };
  const below = { parentSpanId: "00000000000000a2", resource };
  expect(normalized({}, { resource }).attributes?.["otel.resource"]).toEqual({ "host.name": "h1" });
  expect(normalized({}, below).attributes).toEqual({ "service.name": "shop" });
  expect(normalized({}, { ...below, kind: 2 }).attributes).toEqual({
    "service.name": "shop",
    "otel.kind": "server",
    "otel.resource": { "host.name": "h1" },
  });
});

it("a word that a convention does not know is no type, and stays", () => {
  const span = normalized({
    "openinference.span.kind": "WIZARD",
    "gen_ai.operation.name": "conjure",
    "langfuse.observation.type": "spell",
  });
  expect(span.type).toBe("unknown");
  expect(span.attributes).toEqual({
    "openinference.span.kind": "WIZARD",
    "gen_ai.operation.name": "conjure",
    "langfuse.observation.type": "spell",
  });
});
