import { types } from "node:util";
import { rivuletMiddleware, rivuletTelemetry } from "@rivulet/ai-sdk";
import { type ActiveSpan, RivuletError } from "@rivulet/core";
import { RivuletCallbackHandler } from "@rivulet/langchain";
import fc from "fast-check";
import { expect, test } from "vitest";
import { openFileClient } from "./client.ts";
import { hostile, type Make } from "./hostile-arbitrary.ts";

const { rivulet } = openFileClient();
const valuesOf = (makes: readonly Make[]): readonly unknown[] => makes.map((make) => make());

/** The same values in each run of the tests. */
const RUNS = { numRuns: 150, seed: 20_260_101 };

const wrong = (value: unknown): never => value as never;

type Recording = (span: ActiveSpan, values: readonly unknown[]) => void;

const SETTERS: Readonly<Record<string, Recording>> = {
  setName: (span, [value]) => span.setName(wrong(value)),
  setInput: (span, [value]) => span.setInput(value),
  setOutput: (span, [value]) => span.setOutput(value),
  setAttributes: (span, [value]) => span.setAttributes(wrong(value)),
  addEvent: (span, [name, value]) => span.addEvent(wrong(name), wrong(value)),
  setUsage: (span, [value]) => span.setUsage(wrong(value)),
  "setUsage, a count": (span, [value]) => span.setUsage({ inputTokens: wrong(value) }),
  setModel: (span, [name, value]) => span.setModel(wrong(name), wrong(value)),
  setCost: (span, [value]) => span.setCost(wrong(value)),
  markFirstToken: (span, [value]) => span.markFirstToken(wrong(value)),
  linkPrompt: (span, [value]) => span.linkPrompt(wrong(value)),
  "linkPrompt, its fields": (span, [name, version]) =>
    span.linkPrompt({ name: wrong(name), version: wrong(version), alias: wrong(name) }),
  setTrace: (span, [value]) => span.setTrace(wrong(value)),
  "setTrace, its fields": (span, [one, other]) =>
    span.setTrace({
      sessionId: wrong(one),
      tags: wrong({ a: one, b: other }),
      metadata: wrong({ c: other }),
    }),
  isWithin: (span, [value]) => span.isWithin(wrong(value)),
  end: (span, [value]) => span.end(wrong(value)),
  "end, its fields": (span, [one, other]) =>
    span.end({
      error: one,
      output: other,
      status: wrong(one),
      statusMessage: wrong(other),
      endTime: wrong(one),
    }),
};

test.each(Object.entries(SETTERS))(
  "%s takes anything, and the span is recorded",
  (_name, record) => {
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 2, maxLength: 2 }), (values) => {
        const span = rivulet.startSpan("given");
        record(span, valuesOf(values));
        span.end();
        return span.ended;
      }),
      RUNS,
    );
  },
);

test("a span starts with anything as its name and options", () => {
  fc.assert(
    fc.property(hostile, hostile, hostile, (...makes) => {
      const [name, options, field] = valuesOf(makes);
      rivulet.startSpan(wrong(name), wrong(options)).end();
      const span = rivulet.startSpan("given", {
        type: wrong(field),
        input: field,
        attributes: wrong(field),
        parent: wrong(field),
        experimentId: wrong(field),
        startTime: wrong(field),
        sessionId: wrong(field),
        tags: wrong(field),
        metadata: wrong(field),
        model: wrong(field),
      });
      span.end();
    }),
    RUNS,
  );
});

test("withSpan and traced give the app its own result and its own error, whatever they are", () => {
  fc.assert(
    fc.property(hostile, hostile, hostile, (...makes) => {
      const [name, options, value] = valuesOf(makes);
      const give = (): unknown => value;
      const fail = (): never => {
        throw value;
      };
      const isPromise = types.isPromise(value);
      const given = [
        rivulet.withSpan(wrong(name), give, wrong(options)),
        rivulet.traced(give, wrong(options))(),
      ];
      if (!isPromise) for (const result of given) expect(Object.is(result, value)).toBe(true);
      for (const work of [
        () => rivulet.withSpan(wrong(name), fail, wrong(options)),
        rivulet.traced(fail, wrong(options)),
      ]) {
        expect(Object.is(thrownBy(work), value)).toBe(true);
      }
    }),
    RUNS,
  );
});

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

test("metrics throw nothing but what they document", async () => {
  const run = await rivulet.runs.start();
  fc.assert(
    fc.property(hostile, hostile, hostile, (...makes) => {
      const [key, value, step] = valuesOf(makes);
      for (const log of [
        () => run.logMetric(wrong(key), wrong(value), wrong({ step, timestamp: value })),
        () => run.logMetrics(wrong({ loss: value }), wrong({ step })),
      ]) {
        try {
          log();
        } catch (error) {
          expect(error).toBeInstanceOf(RivuletError);
          expect(error).toMatchObject({ code: "invalid_argument" });
        }
      }
    }),
    RUNS,
  );
});

test("LangChain's handlers take anything", () => {
  const handler = new RivuletCallbackHandler(rivulet);
  const names = Object.getOwnPropertyNames(RivuletCallbackHandler.prototype)
    .filter((name) => name.startsWith("handle"))
    // What has begun can end.
    .toSorted((one, other) => Number(other.endsWith("Start")) - Number(one.endsWith("Start")));
  fc.assert(
    fc.property(fc.array(hostile, { minLength: 9, maxLength: 9 }), fc.boolean(), (makes, known) => {
      const values = valuesOf(makes);
      for (const name of names) {
        const method = handler[name as keyof typeof handler] as (...given: unknown[]) => void;
        const [first, second, , ...rest] = values;
        const id = known ? `run of ${name.replace(/Start|End|Error/, "")}` : values[2];
        if (name.endsWith("Start")) method.call(handler, first, second, id, ...rest);
        else method.call(handler, first, id, second, ...rest);
      }
    }),
    RUNS,
  );
});

test("AI SDK's handlers take anything, and run the work of the app", async () => {
  const telemetry = rivuletTelemetry(rivulet);
  const middleware = rivuletMiddleware(rivulet);
  const listeners = Object.values(telemetry).filter(
    (value: unknown): value is (given: unknown) => unknown => typeof value === "function",
  );
  await fc.assert(
    fc.asyncProperty(hostile, hostile, async (...makes) => {
      const [event, value] = valuesOf(makes);
      const fields = { messages: value, prompt: value, content: value, usage: value, error: value };
      const told = { callId: "call", operationId: "ai.streamText", ...fields };
      for (const listen of listeners) {
        if (listen === telemetry.executeLanguageModelCall || listen === telemetry.executeTool) {
          const options = { ...told, toolCall: value, execute: async () => "done" };
          expect(await listen(options)).toBe("done");
        } else {
          listen(event);
          listen(told);
        }
      }
      const answer = { content: value, usage: value, response: value, providerMetadata: value };
      const doGenerate = async (): Promise<unknown> => answer;
      const called = { doGenerate, params: wrong(value), model: wrong(value) };
      expect(await middleware.wrapGenerate(called)).toBe(answer);
    }),
    { ...RUNS, numRuns: 60 },
  );
});
