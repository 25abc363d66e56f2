import type { Agents } from "../agents/agent.ts";
import { loadIris, splitIris } from "../iris.ts";
import type { LanguageModels } from "../language-model.ts";
import { createQuestions } from "../questions.ts";
import type { Stage } from "../stage.ts";
import { evaluateStep } from "./evaluate-step.ts";
import { mcpStep } from "./mcp-step.ts";
import { promptStep } from "./prompt-step.ts";
import { trafficStep } from "./traffic-step.ts";
import { trainStep } from "./train-step.ts";

/** What the steps are done with. */
export interface StepPieces {
  readonly stage: Stage;
  readonly agents: Agents;
  readonly models: LanguageModels;
  /** Announces a step. */
  readonly announce: (title: string) => void;
}

/** The main job, from flowers to a better prompt in production. */
export async function runAllSteps({ stage, agents, models, announce }: StepPieces): Promise<void> {
  const flowers = loadIris();
  const split = splitIris(flowers);
  const { train, validation, test } = split;
  announce(
    `Train classifiers on Fisher's iris flowers: ${train.length} to learn from, ${validation.length} to choose by, ${test.length} to test with`,
  );
  const { best } = await trainStep(stage, split);

  announce("Register two versions of a chat prompt");
  const prompts = await promptStep(stage);

  const questions = createQuestions(test, flowers);
  announce(`Answer ${questions.length} questions with two agents, and take the users' feedback`);
  const answered = await trafficStep(stage, questions);

  announce("Evaluate both prompt versions on these questions, with a code scorer and a judge");
  await evaluateStep(stage, {
    answered,
    prompts,
    agent: agents["ai-sdk"],
    judgeModel: models.aiSdk,
  });

  announce("Connect an MCP client to the app");
  await mcpStep(stage, best.runId);
}
