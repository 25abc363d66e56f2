import { RivuletError } from "@rivulet/domain";
import * as z from "@rivulet/domain/zod";
import { mean } from "simple-statistics";
import { nameSchema, optionsSchema, parseInput, textSchema } from "../../validation.ts";
import type { JudgeOptions, Scorer, ScorerInput, ScorerResult } from "../evaluations.ts";
import { MAX_SCORE_NAME } from "../score-name.ts";
import { readVerdict, type Verdict } from "./judge-answer.ts";
import { type Judge, type JudgeReply, toJudge } from "./judge-model.ts";
import { type Choices, judgePrompt, repairPrompt } from "./judge-prompt.ts";

const MAX_VOTES = 25;

const settingsSchema: z.ZodType<Required<Omit<JudgeOptions, "model">>> = optionsSchema(() => ({
  name: nameSchema(MAX_SCORE_NAME),
  instructions: textSchema(100_000).refine((text) => text.trim() !== "", "must not be empty"),
  choices: z
    .record(nameSchema(), z.number().nullable())
    .refine((choices) => Object.keys(choices).length >= 2, "needs two choices or more"),
  votes: z.int().min(1).max(MAX_VOTES),
}));

/**
 * Makes a scorer that asks a model to judge each row by picking one of a few choices, each with a score.
 *
 * Answers are parsed strictly. If an answer is none of the choices, the model is asked once more; after that the score has
 * an error, since an unintelligible judge must not count as 0. Several votes are averaged, and the order of the choices is
 * rotated between them, because judges prefer what comes first. The score `null` means "cannot be judged".
 *
 * @throws RivuletError `invalid_argument` for bad options, `unsupported` for an unknown kind of model
 */
export function makeJudge(options: JudgeOptions): Scorer {
  const { model, choices = { yes: 1, no: 0 }, votes = 1, ...rest } = options;
  const settings = parseInput(settingsSchema, { ...rest, choices, votes }, "makeJudge");
  const judge = toJudge(model);
  const scorer = async (row: ScorerInput): Promise<ScorerResult> => {
    const verdicts = await Promise.all(
      Array.from({ length: settings.votes }, (_, vote) => {
        const offered = rotate(Object.keys(settings.choices), vote);
        return requestVerdict({ judge, settings, row, choices: offered });
      }),
    );
    return count(verdicts, settings.choices);
  };
  return Object.freeze(
    Object.assign(scorer, {
      scoreName: settings.name,
      source: "llm_judge" as const,
      ...rangeOfChoices(settings.choices),
    }),
  );
}

/** From the lowest to the highest score of the choices; none when all are equal. */
function rangeOfChoices(choices: Readonly<Record<string, number | null>>): Pick<Scorer, "range"> {
  const worth = Object.values(choices).filter((value) => value !== null);
  const [min, max] = [Math.min(...worth), Math.max(...worth)];
  return min < max ? { range: { min, max } } : {};
}

interface VoteRequest {
  readonly judge: Judge;
  readonly settings: Pick<JudgeOptions, "name" | "instructions">;
  readonly row: ScorerInput;
  readonly choices: Choices;
}

async function requestVerdict(request: VoteRequest): Promise<Verdict> {
  const { settings, row, choices } = request;
  const prompt = judgePrompt({ instructions: settings.instructions, row, choices });
  const first = await callModel(request, prompt);
  const verdict = readVerdict(first.text, choices);
  if (verdict !== undefined) return verdict;
  const second = await callModel(request, repairPrompt({ prompt, answer: first.text, choices }));
  const repaired = readVerdict(second.text, choices);
  if (repaired !== undefined) return repaired;
  throw new RivuletError(
    "invalid_argument",
    `Judge "${settings.name}" answered twice with none of its choices (${choices.join(", ")}): ${second.text.slice(0, 200)}`,
  );
}

/** One model call, in a child span of the scorer's. */
function callModel(
  { judge, settings, row, choices }: VoteRequest,
  prompt: string,
): Promise<JudgeReply> {
  const call = {
    prompt,
    answerSchema: answerSchema(choices),
    ...(row.signal === undefined ? {} : { signal: row.signal }),
  };
  if (row.tracing === undefined) return judge.generate(call);
  return row.tracing.withSpan(
    `judge ${settings.name}`,
    async (span) => {
      const reply = await judge.generate(call);
      span.setOutput({ messages: [{ role: "assistant", content: reply.text }] });
      if (reply.model !== undefined) span.setModel(reply.model, judge.provider);
      if (reply.usage !== undefined) span.setUsage(reply.usage);
      return reply;
    },
    {
      type: "chat_model",
      input: { messages: [{ role: "user", content: prompt }] },
      ...(judge.model === undefined ? {} : { model: judge.model }),
      ...(judge.provider === undefined ? {} : { provider: judge.provider }),
    },
  );
}

function answerSchema(choices: Choices): Readonly<Record<string, unknown>> {
  return {
    type: "object",
    properties: { choice: { type: "string", enum: choices }, reason: { type: "string" } },
    required: ["choice", "reason"],
    additionalProperties: false,
  };
}

function rotate(choices: Choices, by: number): Choices {
  const start = by % choices.length;
  return [...choices.slice(start), ...choices.slice(0, start)];
}

function count(
  verdicts: readonly Verdict[],
  worth: Readonly<Record<string, number | null>>,
): ScorerResult {
  const values = verdicts.flatMap(({ choice }) => worth[choice] ?? []);
  const rationale = rationaleOf(verdicts);
  const [first] = verdicts;
  return {
    value: values.length === 0 ? null : mean(values),
    ...(verdicts.length === 1 && first !== undefined ? { label: first.choice } : {}),
    ...(rationale === "" ? {} : { rationale }),
    metadata: { choices: verdicts.map(({ choice }) => choice) },
  };
}

function rationaleOf(verdicts: readonly Verdict[]): string {
  const [first] = verdicts;
  if (verdicts.length === 1) return first?.reason ?? "";
  return verdicts
    .map(({ choice, reason }) => (reason === undefined ? choice : `${choice}: ${reason}`))
    .join("\n");
}
