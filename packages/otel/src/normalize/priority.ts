import type { Convention, Readings } from "./convention.ts";
import { aiSdk } from "./conventions/ai-sdk.ts";
import { braintrust } from "./conventions/braintrust.ts";
import { codex } from "./conventions/codex.ts";
import { flue } from "./conventions/flue.ts";
import { genAi, genAiDeprecated, genAiHints } from "./conventions/gen-ai.ts";
import { genAiEvents } from "./conventions/gen-ai-events.ts";
import { genkit } from "./conventions/genkit.ts";
import { googleAdk } from "./conventions/google-adk.ts";
import { langfuse } from "./conventions/langfuse.ts";
import { langsmith } from "./conventions/langsmith.ts";
import { liveKit } from "./conventions/livekit.ts";
import { logfire } from "./conventions/logfire.ts";
import { mastra } from "./conventions/mastra.ts";
import { mlflow } from "./conventions/mlflow.ts";
import { openInference } from "./conventions/open-inference.ts";
import { plain } from "./conventions/plain.ts";
import { rivulet } from "./conventions/rivulet.ts";
import { indexedMessages, traceloop } from "./conventions/traceloop.ts";
import { voltAgent } from "./conventions/voltagent.ts";

/** Who says what a span was given and returned: whole messages before values of any kind. */
const BODIES: readonly Convention[] = [
  langfuse,
  genkit,
  mlflow,
  braintrust,
  aiSdk,
  flue,
  genAi,
  genAiEvents,
  // Its tools' parameters are a schema, OpenInference's are mostly what the tool is given.
  voltAgent,
  openInference,
  googleAdk,
  liveKit,
  logfire,
  mastra,
  indexedMessages,
  genAiDeprecated,
  traceloop,
  plain,
];

/**
 * Who is asked for each fact, in this order, where a span speaks several conventions at once. The first answer counts;
 * of facts that have parts (usage, settings, details, tags, metadata) the first for each part. What was not asked for
 * stays an attribute.
 */
export const PRIORITY: { readonly [K in keyof Readings]: readonly Convention[] } = {
  type: [
    rivulet,
    langfuse,
    openInference,
    mlflow,
    genkit,
    // Its generations group calls, which OpenTelemetry's name does not say.
    mastra,
    genAi,
    traceloop,
    langsmith,
    braintrust,
    voltAgent,
    aiSdk,
    liveKit,
    flue,
    googleAdk,
    logfire,
    codex,
    genAiHints,
  ],
  name: [genkit, genAi, openInference, aiSdk, voltAgent, flue, liveKit, logfire, traceloop],
  input: BODIES,
  output: BODIES,
  tools: [aiSdk, genAi, openInference, mlflow, genkit, indexedMessages],
  model: [
    langfuse,
    genAi,
    openInference,
    aiSdk,
    mlflow,
    googleAdk,
    genkit,
    voltAgent,
    langsmith,
    codex,
    logfire,
    braintrust,
  ],
  provider: [mastra, genkit, openInference, langsmith, genAi, aiSdk, mlflow, voltAgent],
  usage: [
    langfuse,
    openInference,
    genAi,
    aiSdk,
    mlflow,
    genkit,
    googleAdk,
    voltAgent,
    codex,
    braintrust,
    logfire,
    indexedMessages,
  ],
  cost: [langfuse, openInference, genAi, aiSdk, mlflow, voltAgent, braintrust, logfire],
  firstTokenTime: [rivulet, langfuse, genAi, aiSdk, mastra, braintrust],
  settings: [langfuse, genAi, openInference, aiSdk],
  details: [
    genAi,
    openInference,
    aiSdk,
    genkit,
    googleAdk,
    genAiEvents,
    indexedMessages,
    logfire,
    voltAgent,
    mastra,
    liveKit,
    flue,
    langfuse,
  ],
  outcome: [rivulet, langfuse, genkit, mastra, logfire, plain],
  prompts: [rivulet, langfuse, mlflow, voltAgent],
  sessionId: [
    langfuse,
    plain,
    aiSdk,
    openInference,
    langsmith,
    traceloop,
    mlflow,
    genAi,
    googleAdk,
    mastra,
    voltAgent,
    liveKit,
    genkit,
    codex,
  ],
  userId: [langfuse, plain, aiSdk, openInference, langsmith, traceloop, mlflow, mastra],
  tags: [rivulet, langfuse, aiSdk, openInference, langsmith, mlflow, mastra, braintrust, plain],
  metadata: [rivulet, openInference, langfuse],
  experimentId: [openInference],
};

/** Every convention that is known. */
export const CONVENTIONS: readonly Convention[] = [...new Set(Object.values(PRIORITY).flat())];
