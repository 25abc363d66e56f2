import { createOpenAI } from "@ai-sdk/openai";
import { propagateAttributes } from "@langfuse/tracing";
import { LangfuseVercelAiSdkIntegration } from "@langfuse/vercel-ai-sdk";
import { rivuletTelemetry } from "@rivulet/ai-sdk";
import type { Rivulet } from "@rivulet/core";
import { generateText, isStepCount, type ModelMessage, streamText, tool } from "ai";
import { LangSmithTelemetry } from "langsmith/experimental/vercel";
import { z } from "zod";
import { type Kept, openColumns } from "./columns.ts";
import { serveModel } from "./model-server.ts";
import { IMAGE, SAID } from "./what-was-said.ts";

/** An agent, a refused call, a stream and a stopped stream. */
export async function runAiSdk(): Promise<Kept> {
  const columns = await openColumns();
  const { rivulet, langfuse, langsmith } = columns;
  const { url } = await serveModel();
  await rivulet.prompts.register({ name: "zz-prompt", template: "zz" });
  const integrations = [
    rivuletTelemetry(rivulet),
    new LangfuseVercelAiSdkIntegration({ tracer: langfuse.getTracer("ai") }),
    LangSmithTelemetry({
      client: langsmith,
      tracingEnabled: true,
      tags: [SAID.tag],
      metadata: { ...SAID.metadata, session_id: SAID.session, user_id: SAID.user_id },
    }),
  ];
  const common = {
    model: createOpenAI({ apiKey: "key", baseURL: url })("zz-model-asked"),
    temperature: 0.4321,
    maxOutputTokens: 4321,
    maxRetries: 0,
    telemetry: {
      integrations,
      functionId: "zz-function",
      includeRuntimeContext: { langfusePrompt: true, rivulet: true },
    },
    runtimeContext: {
      langfusePrompt: { name: "zz-prompt", version: 1 },
      rivulet: { prompt: { name: "zz-prompt", version: 1 } },
    },
  };
  const look = tool({
    description: SAID.tool,
    inputSchema: z.object({ city: z.string() }),
    execute: ({ city }: { city: string }) => `${SAID.result} in ${city}`,
  });
  const messages: ModelMessage[] = [
    {
      role: "user",
      content: [
        { type: "text", text: SAID.user },
        { type: "image", image: Buffer.from(IMAGE, "base64"), mediaType: "image/png" },
      ],
    },
  ];
  await about(rivulet, async () => {
    await generateText({
      ...common,
      instructions: SAID.system,
      messages,
      tools: { look },
      stopWhen: isStepCount(3),
    });
    await generateText({ ...common, prompt: "zz" }).catch(() => undefined);
    await streamText({ ...common, prompt: "zz" }).text;
    const controller = new AbortController();
    const stream = streamText({ ...common, prompt: "zz", abortSignal: controller.signal });
    for await (const part of stream.stream) {
      if (part.type === "text-delta") controller.abort(new Error("zz stopped by the user"));
    }
  });
  return columns.kept();
}

/** Says session, user, tags and metadata to those that take them around a call. */
function about(rivulet: Rivulet, work: () => Promise<void>): Promise<void> {
  const { session: sessionId, user_id: userId, tag, metadata } = SAID;
  const texts = { release: JSON.stringify(metadata.release) };
  return rivulet.withTrace({ sessionId, userId, tags: { [tag]: "true" }, metadata }, () =>
    propagateAttributes({ sessionId, userId, tags: [tag], metadata: texts }, work),
  );
}
