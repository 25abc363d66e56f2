import { RunnableLambda } from "@langchain/core/runnables";
import { tool as langChainTool } from "@langchain/core/tools";
import { rivuletTelemetry } from "@rivulet/ai-sdk";
import type { Rivulet } from "@rivulet/core";
import { RivuletCallbackHandler } from "@rivulet/langchain";
import { generateText, isStepCount, tool } from "ai";
import { MockLanguageModelV4 } from "ai/test";
import * as z from "zod";
import { asksFor, says } from "../ai-sdk/support/mock-content.ts";

/** Runs `work` somewhere inside of a trace. */
export type Caller = (rivulet: Rivulet, work: () => Promise<unknown>) => Promise<unknown>;

/** What calls, the names of the spans above the call, and how it is done. */
export const CALLERS: readonly (readonly [what: string, path: string, caller: Caller])[] = [
  ["an own span", "caller", (rivulet, work) => rivulet.withSpan("caller", work)],
  [
    "a trace of its own within another",
    "caller",
    (rivulet, work) =>
      rivulet.withSpan("around", () => rivulet.withSpan("caller", work, { parent: null })),
  ],
  [
    "a tool of LangChain",
    "agent > tool",
    (rivulet, work) => {
      const config = { name: "tool", description: "Works", schema: z.object({}) };
      const called = langChainTool(async () => String(await work()), config);
      const callbacks = [new RivuletCallbackHandler(rivulet)];
      return rivulet.withSpan("agent", () => called.invoke({}, { callbacks }));
    },
  ],
  [
    "a trace of its own in a lambda of LangChain",
    "caller",
    (rivulet, work) => {
      const lambda = RunnableLambda.from(() => rivulet.withSpan("caller", work, { parent: null }));
      return lambda.invoke({}, { callbacks: [new RivuletCallbackHandler(rivulet)] });
    },
  ],
  [
    "a tool of the AI SDK",
    "agent > generateText > step 1 > tool",
    (rivulet, work) => {
      const model = new MockLanguageModelV4({
        modelId: "m",
        doGenerate: async ({ prompt }) =>
          prompt.at(-1)?.role === "tool" ? says("done") : asksFor({ id: "1", name: "tool" }),
      });
      return rivulet.withSpan("agent", () =>
        generateText({
          model,
          prompt: "p",
          tools: {
            tool: tool({ inputSchema: z.object({}), execute: async () => String(await work()) }),
          },
          stopWhen: isStepCount(2),
          telemetry: { integrations: [rivuletTelemetry(rivulet)] },
        }),
      );
    },
  ],
  [
    "the task of an evaluation",
    "caller",
    (rivulet, work) => {
      const caller = (): Promise<string> => work().then(String);
      const data = [{ inputs: { q: 1 } }];
      return rivulet.evaluate({ name: "check", data, task: caller, scorers: [] });
    },
  ],
];
