import type { Rivulet } from "@rivulet/core";
import type { MlopsMiddleware } from "@rivulet/express";
import express, { type Express, type Request, type Response } from "express";
import * as z from "zod";
import type { Agents } from "./agents/agent.ts";
import { PROMPT_NAME } from "./prompts.ts";

/** Where Rivulet is mounted. */
export const MOUNT = "/mlops";
/** The experiment that the questions of users belong to. */
const ASSISTANT_EXPERIMENT = "iris-assistant";
/** What users' feedback is called. */
export const FEEDBACK_NAME = "helpful";

const questionSchema = z.object({
  question: z.string().min(1).max(1_000),
  agent: z.enum(["langchain", "ai-sdk"]).default("langchain"),
  userId: z.string().max(100).default("someone"),
  sessionId: z.string().max(100).optional(),
});

const feedbackSchema = z.object({
  traceId: z.string().regex(/^[0-9a-f]{32}$/),
  helpful: z.boolean(),
  comment: z.string().max(1_000).optional(),
});

/** What the app needs. */
export interface AppPieces {
  readonly rivulet: Rivulet;
  readonly agents: Agents;
  readonly dashboard: MlopsMiddleware;
}

/** An app with a feature of its own, and Rivulet beside it. */
export function createApp({ rivulet, agents, dashboard }: AppPieces): Express {
  const app = express();
  app.use(MOUNT, dashboard);
  app.use(express.json());
  app.get("/", (_request, response) => {
    response.redirect(MOUNT);
  });
  app.post("/ask", (request, response) => ask({ rivulet, agents }, request, response));
  app.post("/feedback", (request, response) => takeFeedback(rivulet, request, response));
  return app;
}

/** Answers with the prompt in production; everything inside becomes one trace. */
async function ask(
  { rivulet, agents }: { readonly rivulet: Rivulet; readonly agents: Agents },
  request: Request,
  response: Response,
): Promise<void> {
  const parsed = questionSchema.safeParse(request.body);
  if (!parsed.success) {
    response.status(400).json({ error: z.prettifyError(parsed.error) });
    return;
  }
  const { question, agent, userId, sessionId } = parsed.data;
  const answered = await rivulet.withSpan(
    "ask",
    async (span) => {
      const prompt = await rivulet.prompts.get(`${PROMPT_NAME}@production`);
      const answer = await agents[agent](question, prompt);
      span.setOutput(answer);
      return { answer, traceId: span.traceId };
    },
    {
      type: "chain",
      input: { question },
      experimentId: ASSISTANT_EXPERIMENT,
      userId,
      ...(sessionId !== undefined && { sessionId }),
      tags: { agent },
    },
  );
  response.json(answered);
}

async function takeFeedback(rivulet: Rivulet, request: Request, response: Response): Promise<void> {
  const parsed = feedbackSchema.safeParse(request.body);
  if (!parsed.success) {
    response.status(400).json({ error: z.prettifyError(parsed.error) });
    return;
  }
  const { traceId, helpful, comment } = parsed.data;
  await rivulet.traces.logFeedback({
    traceId,
    name: FEEDBACK_NAME,
    value: helpful,
    ...(comment === undefined ? {} : { rationale: comment }),
  });
  response.status(204).end();
}
