import {
  comparisonSchema,
  datasetSchema,
  type EvaluationResult,
  evaluationSchema,
  type JudgeModel,
  makeJudge,
  type Prompt,
  type ScoreComparison,
  type ScorerInput,
} from "@rivulet/core";
import type { Agent } from "../agents/agent.ts";
import { hasAnswer } from "../has-answer.ts";
import { PROMPT_NAME, type PromptVersions } from "../prompts.ts";
import { comparisonTable } from "../report.ts";
import type { Stage } from "../stage.ts";
import type { Answered } from "./traffic-step.ts";

const DATASET = "iris-questions";

interface Inputs {
  readonly question: string;
}

interface Expectations {
  readonly answer: string;
}

/** What an evaluation needs besides the stage. */
export interface EvaluateOptions {
  readonly answered: readonly Answered[];
  readonly prompts: PromptVersions;
  readonly agent: Agent;
  readonly judgeModel: JudgeModel;
}

/** Makes a dataset of the users' questions, evaluates both prompt versions on it, and keeps the better one. */
export async function evaluateStep(stage: Stage, options: EvaluateOptions): Promise<void> {
  await buildDataset(stage, options.answered);
  const { first, second } = options.prompts;
  const baseline = await evaluate(stage, options, first);
  const candidate = await evaluate(stage, options, second);
  const { scores } = await stage.rivulet.evaluations.compare({
    baselineId: baseline.id,
    candidateId: candidate.id,
  });
  for (const line of comparisonTable(scores, [first.version, second.version])) stage.tell(line);
  const isBetter = shouldMove(scores);
  if (isBetter) {
    const { version } = second;
    await stage.rivulet.prompts.setAlias({ name: PROMPT_NAME, alias: "production", version });
  }
  const { version } = isBetter ? second : first;
  stage.tell(
    isBetter
      ? `version ${version} is better: production now points to it`
      : `the difference is no clear gain: production stays on version ${version}`,
  );
  await checkComparison(stage, { baseline, candidate, scores });
  const served = await stage.rivulet.prompts.getEntry(PROMPT_NAME);
  const arms = served.aliases["production"] ?? [];
  stage.checks.expect(
    "production points where the comparison says",
    arms[0]?.version === version,
    arms,
  );
}

/** Better where it counts, and worse nowhere. */
function shouldMove(scores: readonly ScoreComparison[]): boolean {
  const verdicts = scores.map(({ verdict }) => verdict);
  const isCorrect = scores.find(({ name }) => name === "correct")?.verdict === "better";
  return isCorrect && !verdicts.includes("worse");
}

/** A botanist says what each question's answer is; the traces then become examples. */
async function buildDataset(
  { rivulet, api, checks, tell }: Stage,
  answered: readonly Answered[],
): Promise<void> {
  for (const { traceId, question } of answered) {
    await rivulet.traces.logExpectation({
      traceId,
      name: "answer",
      value: question.answer,
      sourceId: "botanist",
    });
  }
  if ((await rivulet.datasets.find(DATASET)) === undefined) {
    await rivulet.datasets.create({
      name: DATASET,
      description: "Questions of users, with answers.",
    });
  }
  const traceIds = answered.map(({ traceId }) => traceId);
  const { version, recordCount } = await rivulet.datasets.addTraces(DATASET, { traceIds });
  tell(
    `data set ${DATASET}: ${recordCount} examples from ${traceIds.length} traces (version ${version})`,
  );
  const stored = await api.read(`/datasets/${DATASET}`, datasetSchema);
  const isWhole = stored.recordCount === answered.length;
  checks.expect("every trace became an example", isWhole, stored.recordCount);
}

function correct({
  output,
  expectations,
}: ScorerInput<Inputs, string, Expectations>): boolean | null {
  return expectations === undefined ? null : hasAnswer(output, expectations.answer);
}

function evaluate(
  { rivulet }: Stage,
  { agent, judgeModel }: EvaluateOptions,
  prompt: Prompt,
): Promise<EvaluationResult> {
  const namesSource = makeJudge({
    name: "names_source",
    instructions: [
      'Does this answer say what it rests on, by naming a model with its "version" or a "data set"?',
      "<answer>\n{{output}}\n</answer>",
    ].join("\n\n"),
    model: judgeModel,
  });
  return rivulet.evaluate({
    name: `${PROMPT_NAME} version ${prompt.version}`,
    experiment: "iris-evaluations",
    data: DATASET,
    task: ({ question }: Inputs) => agent(question, prompt),
    scorers: [correct, namesSource],
    metadata: { prompt: `${prompt.name}/${prompt.version}` },
  });
}

async function checkComparison(
  { api, checks }: Stage,
  found: {
    readonly baseline: EvaluationResult;
    readonly candidate: EvaluationResult;
    readonly scores: readonly ScoreComparison[];
  },
): Promise<void> {
  for (const { id, rows, name } of [found.baseline, found.candidate]) {
    const stored = await api.read(`/evaluations/${id}`, evaluationSchema);
    const errors = stored.errorCount + stored.scores.reduce((sum, score) => sum + score.errors, 0);
    const isWhole = stored.status === "finished" && stored.rowCount === rows.length;
    checks.expect(
      `evaluation of ${name} has all rows and no errors`,
      isWhole && errors === 0,
      stored,
    );
  }
  const ids = `baselineId=${found.baseline.id}&candidateId=${found.candidate.id}`;
  const stored = await api.read(`/evaluations/compare?${ids}`, comparisonSchema);
  const isSame = JSON.stringify(stored.scores) === JSON.stringify(found.scores);
  checks.expect("the API compares as the library does", isSame, stored.scores);
  const pairs = stored.scores.map((score) => score.pairs);
  const isPaired =
    stored.unpaired === 0 && pairs.every((count) => count === found.baseline.rowCount);
  checks.expect("every row is paired", isPaired, pairs);
}
