import { FakeListChatModel } from "@langchain/core/utils/testing";
import { rivuletMiddleware } from "@rivulet/ai-sdk";
import { type JudgeModel, makeJudge, type ScorerInput } from "@rivulet/core";
import { wrapLanguageModel } from "ai";
import { MockLanguageModelV3, MockLanguageModelV4 } from "ai/test";
import { describe, expect, test } from "vitest";
import { aSharedClient } from "./client.ts";

const client = aSharedClient();

const ROW: ScorerInput = {
  inputs: { question: "2 + 2?" },
  output: "4",
  expectations: { answer: "4" },
  metadata: {},
  traceId: "0".repeat(32),
};

/** A judge's function that gives these answers in turn, and the prompts it was given. */
function answering(...answers: readonly string[]): {
  readonly model: JudgeModel;
  readonly prompts: readonly string[];
} {
  const prompts: string[] = [];
  const model = (prompt: string): string => {
    prompts.push(prompt);
    return answers[(prompts.length - 1) % answers.length] ?? "";
  };
  return { model, prompts };
}

function correctness(model: JudgeModel, options: { readonly votes?: number } = {}) {
  return makeJudge({
    name: "correct",
    instructions: "Is {{ output }} right for {{inputs}}? Expected: {{expectations}}.",
    model,
    ...options,
  });
}

/** The span of the call with which this model judges one row. */
async function spanOfJudge(model: JudgeModel) {
  const rivulet = client();
  const { rows } = await rivulet.evaluate({
    data: [{ inputs: "2 + 2?" }],
    task: () => "4",
    scorers: [correctness(model)],
  });
  const spans = await rivulet.traces.loadSpans(rows[0]?.traceId ?? "");
  return spans.find(({ name }) => name === "judge correct");
}

describe("the question", () => {
  test("fills in the row and offers the choices", async () => {
    const { model, prompts } = answering('{"choice":"yes","reason":"Right."}');
    await correctness(model)(ROW);
    expect(prompts).toEqual([
      [
        'Is 4 right for {\n  "question": "2 + 2?"\n}? Expected: {\n  "answer": "4"\n}.',
        'Answer with exactly one of these choices: "yes", "no".',
        'Reply with JSON only, in this form: {"choice": "<one of the choices>", "reason": "<one or two sentences>"}',
      ].join("\n\n"),
    ]);
  });

  test("adds the whole row when the instructions name nothing of it", async () => {
    const { model, prompts } = answering("yes");
    const judge = makeJudge({ name: "polite", instructions: "Is it polite?", model });
    await judge({ inputs: "Hi", output: "{{inputs}}", metadata: {}, traceId: "" });
    expect(prompts[0]).toMatch(
      /^Is it polite\?\n\n<inputs>\nHi\n<\/inputs>\n\n<output>\n\{\{inputs\}\}\n<\/output>\n\nAnswer/,
    );
  });

  test("says that a value is not given, and fills in no value twice", async () => {
    const { model, prompts } = answering("yes");
    const { expectations: _, ...row } = ROW;
    await correctness(model)({ ...row, output: "$1 {{inputs}}" });
    expect(prompts[0]).toContain("Is $1 {{inputs}} right for");
    expect(prompts[0]).toContain("Expected: (not given).");
  });
});

describe("the answer", () => {
  test.each([
    ['{"choice": "no", "reason": "Wrong."}', 0, "Wrong."],
    ['```json\n{"choice": "YES", "reason": "Right."}\n```', 1, "Right."],
    ['{"choice":"yes"}', 1, undefined],
    ["yes", 1, undefined],
    ["No.\nIt is 5.", 0, "It is 5."],
    ["**Choice: yes**\n\nReason: It is 4.", 1, "It is 4."],
  ])("reads %j", async (answer, value, rationale) => {
    const { model, prompts } = answering(answer);
    const result = await correctness(model)(ROW);
    expect(result).toEqual({
      value,
      label: value === 1 ? "yes" : "no",
      ...(rationale === undefined ? {} : { rationale }),
      metadata: { choices: [value === 1 ? "yes" : "no"] },
    });
    expect(prompts).toHaveLength(1);
  });

  test.each([
    "I would say yes",
    "not yes",
    '{"choice": "maybe"}',
    '{"answer": "yes"}',
    '{"choice": "yes"',
    "",
  ])("asks once more after %j", async (answer) => {
    const { model, prompts } = answering(answer, "no\nOn second thought.");
    expect(await correctness(model)(ROW)).toMatchObject({
      value: 0,
      rationale: "On second thought.",
    });
    expect(prompts).toHaveLength(2);
    expect(prompts[1]).toContain(`<answer>\n${answer}\n</answer>`);
  });

  test("that is long is shown again by its first 2000 characters", async () => {
    const { model, prompts } = answering("x".repeat(5_000), "yes");
    await correctness(model)(ROW);
    expect(prompts[1]).toContain(`<answer>\n${"x".repeat(2_000)}\n</answer>`);
  });

  test("is an error after two that cannot be read, and never a 0", async () => {
    const rivulet = client();
    const { model, prompts } = answering("Hm.");
    const { rows, scores } = await rivulet.evaluate({
      data: [{ inputs: "?" }],
      task: () => "!",
      scorers: [correctness(model)],
    });
    expect(prompts).toHaveLength(2);
    expect(rows[0]?.scores).toEqual([
      {
        name: "correct",
        value: null,
        error: 'Judge "correct" answered twice with none of its choices (yes, no): Hm.',
      },
    ]);
    expect(scores).toMatchObject([{ mean: null, scored: 0, skipped: 0, errors: 1 }]);
  });
});

describe("the votes", () => {
  test("rotate the choices and count by their mean", async () => {
    const { model, prompts } = answering("good\nA", "fair\nB", "poor");
    const judge = makeJudge({
      name: "grade",
      instructions: "Grade {{output}}.",
      model,
      choices: { good: 1, fair: 0.5, poor: 0 },
      votes: 3,
    });
    expect(await judge(ROW)).toEqual({
      value: 0.5,
      rationale: "good: A\nfair: B\npoor",
      metadata: { choices: ["good", "fair", "poor"] },
    });
    const orders = prompts.map((prompt) => /choices: (.*)\./.exec(prompt)?.[1]);
    expect(orders).toEqual([
      '"good", "fair", "poor"',
      '"fair", "poor", "good"',
      '"poor", "good", "fair"',
    ]);
  });

  test("that decline leave the mean to the others", async () => {
    const judge = (...answers: readonly string[]) =>
      makeJudge({
        name: "grade",
        instructions: "Grade {{output}}.",
        model: answering(...answers).model,
        choices: { good: 1, poor: 0, unclear: null },
        votes: 2,
      });
    expect(await judge("unclear", "good")(ROW)).toMatchObject({ value: 1 });
    expect(await judge("unclear", "unclear")(ROW)).toMatchObject({ value: null });
  });
});

describe("the model", () => {
  test("may be one of the AI SDK, specification v4, and its call is a span with its usage", async () => {
    const rivulet = client();
    const model = new MockLanguageModelV4({
      modelId: "judge-1",
      provider: "mock",
      doGenerate: {
        content: [
          { type: "reasoning", text: "Let me see: no?" },
          { type: "text", text: '{"choice":"yes","reason":"Right."}' },
        ],
        finishReason: { unified: "stop", raw: "stop" },
        usage: {
          inputTokens: { total: 20, noCache: 12, cacheRead: 8, cacheWrite: 0 },
          outputTokens: { total: 9, text: 5, reasoning: 4 },
        },
        warnings: [],
      },
    });
    const { rows, scores } = await rivulet.evaluate({
      data: [{ inputs: "2 + 2?" }],
      task: () => "4",
      scorers: [correctness(model)],
    });
    expect(scores).toMatchObject([{ name: "correct", mean: 1 }]);
    expect(rows[0]?.scores).toEqual([
      { name: "correct", value: 1, label: "yes", rationale: "Right." },
    ]);
    expect(model.doGenerateCalls).toMatchObject([
      {
        prompt: [{ role: "user", content: [{ type: "text" }] }],
        responseFormat: {
          type: "json",
          schema: { properties: { choice: { enum: ["yes", "no"] } } },
        },
      },
    ]);
    const traceId = rows[0]?.traceId ?? "";
    const spans = await rivulet.traces.loadSpans(traceId);
    const spanOf = (name: string) => spans.find((span) => span.name === name);
    expect(spanOf("correct")).toMatchObject({ parentId: spanOf("task")?.id, type: "evaluator" });
    expect(spanOf("judge correct")).toMatchObject({
      parentId: spanOf("correct")?.id,
      type: "chat_model",
      model: "judge-1",
      provider: "mock",
      output: {
        messages: [{ role: "assistant", content: '{"choice":"yes","reason":"Right."}' }],
      },
      usage: {
        inputTokens: 20,
        outputTokens: 9,
        totalTokens: 29,
        cacheReadTokens: 8,
        cacheWriteTokens: 0,
        reasoningTokens: 4,
      },
    });
    expect(await rivulet.traces.listAssessments({ traceIds: [traceId] })).toMatchObject([
      {
        name: "correct",
        value: 1,
        source: "llm_judge",
        sourceId: "correct",
        rationale: "Right.",
        metadata: { label: "yes", choices: ["yes"] },
      },
    ]);
  });

  test("that is traced by itself has its tokens counted once", async () => {
    const rivulet = client();
    const model = new MockLanguageModelV4({
      doGenerate: {
        content: [{ type: "text", text: "yes" }],
        finishReason: { unified: "stop", raw: "stop" },
        usage: {
          inputTokens: { total: 20, noCache: 20, cacheRead: 0, cacheWrite: 0 },
          outputTokens: { total: 9, text: 9, reasoning: 0 },
        },
        warnings: [],
      },
    });
    const { rows } = await rivulet.evaluate({
      data: [{ inputs: "2 + 2?" }],
      task: () => "4",
      scorers: [correctness(wrapLanguageModel({ model, middleware: rivuletMiddleware(rivulet) }))],
    });
    const trace = await rivulet.traces.get(rows[0]?.traceId ?? "");
    expect(trace).toMatchObject({ spanCount: 4, usage: {}, judgeTokens: 29 });
  });

  test("may be one of specification v3", async () => {
    const model = new MockLanguageModelV3({
      doGenerate: {
        content: [{ type: "text", text: "no\nWrong." }],
        finishReason: { unified: "stop", raw: "stop" },
        usage: {
          inputTokens: { total: 3, noCache: 3, cacheRead: 0, cacheWrite: 0 },
          outputTokens: { total: 2, text: 2, reasoning: 0 },
        },
        warnings: [],
      },
    });
    expect(await correctness(model)(ROW)).toMatchObject({ value: 0, rationale: "Wrong." });
  });

  test("may be one of specification v2, which counts its tokens flat", async () => {
    const rivulet = client();
    const model = {
      specificationVersion: "v2",
      modelId: "old",
      provider: "mock",
      supportedUrls: {},
      doGenerate: async () => ({
        content: [{ type: "text", text: "yes" }],
        finishReason: "stop",
        usage: { inputTokens: 7, outputTokens: 1, totalTokens: 8, cachedInputTokens: 2 },
        warnings: [],
      }),
    };
    const { rows } = await rivulet.evaluate({
      data: [{ inputs: "2 + 2?" }],
      task: () => "4",
      scorers: [correctness(model)],
    });
    const spans = await rivulet.traces.listSpans(rows[0]?.traceId ?? "");
    expect(spans.find(({ name }) => name.startsWith("judge"))).toMatchObject({
      usage: { inputTokens: 7, outputTokens: 1, totalTokens: 8, cacheReadTokens: 2 },
      uncounted: "judge",
    });
  });

  test("may be a chat model of LangChain", async () => {
    const model = new FakeListChatModel({
      responses: ["Certainly!", '{"choice":"no","reason":"It is 5."}'],
    });
    expect(await correctness(model)(ROW)).toEqual({
      value: 0,
      label: "no",
      rationale: "It is 5.",
      metadata: { choices: ["no"] },
    });
  });

  test.each<[string, object, string]>([
    ["v4 of the AI SDK", { response: { modelId: "judge-2026-11" } }, "judge-2026-11"],
    ["v4 of the AI SDK, which does not say it", {}, "judge"],
  ])("that answered is named as the answer names it: %s", async (_, response, named) => {
    const model = new MockLanguageModelV4({
      modelId: "judge",
      doGenerate: {
        content: [{ type: "text", text: "yes" }],
        finishReason: { unified: "stop", raw: "stop" },
        usage: {
          inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
          outputTokens: { total: 1, text: 1, reasoning: 0 },
        },
        warnings: [],
        ...response,
      },
    });
    expect(await spanOfJudge(model)).toMatchObject({ model: named });
  });

  test.each<[string, object, string]>([
    ["model_name", { model_name: "claude-x", model: "claude" }, "claude-x"],
    ["model", { model: "claude-y" }, "claude-y"],
    ["nothing", {}, "configured"],
  ])(
    "of LangChain is named by its answer's %s, and has all its tokens counted",
    async (...given) => {
      const [, response_metadata, named] = given;
      const model = {
        model: "configured",
        invoke: async () => ({
          content: "yes",
          response_metadata,
          usage_metadata: {
            input_tokens: 20,
            output_tokens: 9,
            total_tokens: 29,
            input_token_details: { cache_read: 8, cache_creation: 3, audio: 2 },
            output_token_details: { reasoning: 4, audio: 1 },
          },
        }),
      };
      expect(await spanOfJudge(model)).toMatchObject({
        model: named,
        usage: {
          inputTokens: 20,
          outputTokens: 9,
          totalTokens: 29,
          cacheReadTokens: 8,
          cacheWriteTokens: 3,
          reasoningTokens: 4,
          audioInputTokens: 2,
          audioOutputTokens: 1,
        },
      });
    },
  );

  test("is given a signal that ends with the scorer's time", async () => {
    const rivulet = client();
    const judge = correctness(
      (_prompt: string, { signal }: { readonly signal?: AbortSignal }) =>
        new Promise<string>((_, reject) => {
          signal?.addEventListener("abort", () => reject(signal.reason));
        }),
    );
    const { rows } = await rivulet.evaluate({
      data: [{ inputs: "?" }],
      task: () => "!",
      scorers: [judge],
      timeoutMs: 5,
    });
    expect(rows[0]?.scores).toMatchObject([
      { value: null, error: 'Scorer "correct" took longer than 5 ms.' },
    ]);
  });

  test.each<[string, (onSignal: (signal: unknown) => Promise<never>) => unknown]>([
    [
      "a function",
      (wait) =>
        (_: string, { signal }: { signal?: unknown }) =>
          wait(signal),
    ],
    [
      "the AI SDK",
      (wait) => ({
        specificationVersion: "v3",
        doGenerate: ({ abortSignal }: { abortSignal?: unknown }) => wait(abortSignal),
      }),
    ],
    [
      "LangChain",
      (wait) => ({ invoke: (_: string, { signal }: { signal?: unknown }) => wait(signal) }),
    ],
  ])("of %s is told when nobody waits for it any more", async (_, modelOf) => {
    const given = Promise.withResolvers<unknown>();
    const model = modelOf((signal) => {
      given.resolve(signal);
      return new Promise(() => undefined);
    });
    await client().evaluate({
      data: [{ inputs: "?" }],
      task: () => "!",
      scorers: [correctness(model as JudgeModel)],
      timeoutMs: 5,
    });
    expect(await given.promise).toMatchObject({ aborted: true });
  });

  test.each([
    ["a name", "openai/gpt-5"],
    ["an older specification", { specificationVersion: "v1", doGenerate: () => undefined }],
    ["an object that is no model", {}],
  ])("cannot be %s", (_, model) => {
    expect(() => correctness(model as JudgeModel)).toThrow(
      expect.objectContaining({ code: "unsupported" }),
    );
  });
});

test.each([
  ["one choice", { choices: { yes: 1 } }, /two choices/],
  ["no vote", { votes: 0 }, /votes/],
  ["no instructions", { instructions: " " }, /instructions/],
  ["no name", { name: "" }, /name/],
])("refuses a judge with %s", (_, options, message) => {
  const given = { name: "x", instructions: "y", model: answering("yes").model, ...options };
  expect(() => makeJudge(given)).toThrow(
    expect.objectContaining({ code: "invalid_argument", message: expect.stringMatching(message) }),
  );
});
