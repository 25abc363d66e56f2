import { MOUNT_URL } from "../../api/mount-url.ts";

/** How records come here from one kind of app. */
export interface Setup {
  readonly value: string;
  readonly label: string;
  /** What is installed first, if anything. */
  readonly packages?: string;
  /** Complete; a test compiles what is TypeScript. */
  readonly code: string;
  readonly language: "ts" | "sh";
  /** What is left to do. */
  readonly next: string;
}

const CLIENT = `import { createRivulet } from "@rivulet/core";`;

export const SETUPS: readonly Setup[] = [
  {
    value: "langchain",
    label: "LangChain",
    packages: "@rivulet/core @rivulet/langchain",
    code: `${CLIENT}
import { RivuletCallbackHandler } from "@rivulet/langchain";

const rivulet = createRivulet();
export const callbacks = [new RivuletCallbackHandler(rivulet)];`,
    language: "ts",
    next: "Give it to any chain, agent or graph: chain.invoke(input, { callbacks }).",
  },
  {
    value: "ai-sdk",
    label: "Vercel AI SDK",
    packages: "@rivulet/core @rivulet/ai-sdk",
    code: `import "@rivulet/ai-sdk/register";`,
    language: "ts",
    next: "Import it before the first call. Every generateText, streamText and tool is recorded.",
  },
  {
    value: "openai",
    label: "OpenAI",
    packages: "@rivulet/core @rivulet/providers openai",
    code: `${CLIENT}
import { traceOpenAI } from "@rivulet/providers/openai";
import OpenAI from "openai";

const rivulet = createRivulet();
export const openai = traceOpenAI(new OpenAI(), rivulet);`,
    language: "ts",
    next: "Use this client as before.",
  },
  {
    value: "anthropic",
    label: "Anthropic",
    packages: "@rivulet/core @rivulet/providers @anthropic-ai/sdk",
    code: `import Anthropic from "@anthropic-ai/sdk";
${CLIENT}
import { traceAnthropic } from "@rivulet/providers/anthropic";

const rivulet = createRivulet();
export const anthropic = traceAnthropic(new Anthropic(), rivulet);`,
    language: "ts",
    next: "Use this client as before.",
  },
  {
    value: "express",
    label: "Express",
    packages: "@rivulet/core @rivulet/express express",
    code: `${CLIENT}
import { mlops } from "@rivulet/express";
import express from "express";

const rivulet = createRivulet();
const app = express().use("/mlops", mlops(rivulet));
app.get("/ask", async (_request, response) => {
  const answer = await rivulet.withSpan("answer", async (span) => {
    span.setOutput("42");
    return "42";
  });
  response.send(answer);
});
app.listen(3000);`,
    language: "ts",
    next: "Each request to /ask is a trace.",
  },
  {
    value: "otlp",
    label: "OpenTelemetry",
    code: `export OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=${MOUNT_URL}v1/traces
export OTEL_EXPORTER_OTLP_HEADERS="authorization=Bearer TOKEN"`,
    language: "sh",
    next: "Set this for an app in any language; @rivulet/otel must be installed where this page is served.",
  },
  {
    value: "runs",
    label: "Training runs",
    packages: "@rivulet/core",
    code: `${CLIENT}

const rivulet = createRivulet();
await rivulet.runs.with({ experiment: "iris", params: { rate: 0.1 } }, (run) => {
  for (let step = 0; step < 20; step += 1) run.logMetric("loss", 1 / (step + 1), { step });
});
await rivulet.close();`,
    language: "ts",
    next: "The run is among the runs of its experiment, with its curve.",
  },
];
