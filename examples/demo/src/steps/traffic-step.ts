import {
  assessmentSchema,
  type SpanSkeleton,
  spanSkeletonSchema,
  traceSchema,
} from "@rivulet/core";
import * as z from "zod";
import { FEEDBACK_NAME } from "../app.ts";
import { hasAnswer } from "../has-answer.ts";
import { PROMPT_NAME } from "../prompts.ts";
import type { Question } from "../questions.ts";
import type { Stage } from "../stage.ts";

/** One question as it was answered. */
export interface Answered {
  readonly question: Question;
  readonly agent: "langchain" | "ai-sdk";
  readonly answer: string;
  readonly traceId: string;
  readonly helpful: boolean;
}

const answerSchema = z.object({ answer: z.string(), traceId: z.string() });

/** Users ask over HTTP, half of them the one agent and half the other, and say whether it helped. */
export async function trafficStep(
  stage: Stage,
  questions: readonly Question[],
): Promise<readonly Answered[]> {
  const answered: Answered[] = [];
  for (const [index, question] of questions.entries()) {
    answered.push(await askAndRate(stage, question, index));
  }
  for (const agent of ["langchain", "ai-sdk"] as const) tellSummary(stage, agent, answered);
  await stage.rivulet.flush();
  for (const agent of ["langchain", "ai-sdk"] as const) await checkTraces(stage, agent, answered);
  return answered;
}

async function askAndRate({ api }: Stage, question: Question, index: number): Promise<Answered> {
  const agent = index % 2 === 0 ? "langchain" : "ai-sdk";
  const userId = `user-${(index % 5) + 1}`;
  const body = { question: question.text, agent, userId, sessionId: `visit of ${userId}` };
  const { answer, traceId } = answerSchema.parse(await api.send("/ask", body));
  const helpful = hasAnswer(answer, question.answer);
  const comment = helpful ? "That is it." : `It is ${question.answer}.`;
  await api.send("/feedback", { traceId, helpful, comment });
  return { question, agent, answer, traceId, helpful };
}

function tellSummary(
  { tell }: Stage,
  agent: Answered["agent"],
  answered: readonly Answered[],
): void {
  const own = answered.filter((one) => one.agent === agent);
  const helped = own.filter(({ helpful }) => helpful).length;
  const name = agent === "langchain" ? "LangChain agent" : "AI SDK tool loop";
  tell(`${name}: ${own.length} questions answered, ${helped} of them helpful`);
  const [first] = own;
  if (first === undefined) return;
  tell(`  “${first.question.text}”`);
  tell(`  → ${first.answer}`);
}

async function checkTraces(
  stage: Stage,
  agent: Answered["agent"],
  answered: readonly Answered[],
): Promise<void> {
  const own = answered.filter((one) => one.agent === agent);
  const problems: string[] = [];
  for (const one of own) problems.push(...(await findProblems(stage, one)));
  const what = `${own.length} traces of ${agent} have model calls, a tool call, usage, prompt and feedback`;
  stage.checks.expect(what, problems.length === 0 && own.length > 0, problems.slice(0, 3));
}

async function findProblems({ api }: Stage, { traceId, helpful }: Answered): Promise<string[]> {
  const trace = await api.read(`/traces/${traceId}`, traceSchema);
  const spans = await api.read(`/traces/${traceId}/spans`, z.array(spanSkeletonSchema));
  const assessments = await api.read(`/assessments?traceIds=${traceId}`, z.array(assessmentSchema));
  const facts = {
    "is ok": trace.status === "ok",
    "counts tokens": (trace.usage.totalTokens ?? 0) > 0,
    "links the prompt": trace.prompts.some(({ name }) => name === PROMPT_NAME),
    "has two model calls": countOf(spans, "chat_model") >= 2,
    "has a tool call": countOf(spans, "tool") >= 1,
    "has feedback": assessments.some(
      ({ name, value }) => name === FEEDBACK_NAME && value === helpful,
    ),
  };
  const missing = Object.entries(facts).filter(([, holds]) => !holds);
  return missing.map(([fact]) => `${traceId} not ${fact}`);
}

function countOf(spans: readonly SpanSkeleton[], wanted: SpanSkeleton["type"]): number {
  return spans.filter(({ type }) => type === wanted).length;
}
