import type { ChatMessage, Rivulet } from "@rivulet/core";

/** Ids of what {@link seed} has made. */
export interface Seeded {
  readonly experimentId: string;
  readonly runId: string;
  readonly otherRunId: string;
  readonly traceId: string;
  readonly failedTraceId: string;
  readonly baselineId: string;
  readonly candidateId: string;
}

const SPECIES = ["setosa", "versicolor", "virginica"] as const;

/** Fills a store with one of everything that the dashboard shows. */
export async function seed(rivulet: Rivulet): Promise<Seeded> {
  const experiment = await rivulet.experiments.create({
    name: "Iris classifiers",
    tags: { team: "botany" },
  });
  const runId = await seedRun(rivulet, "decision tree", 3);
  const otherRunId = await seedRun(rivulet, "logistic regression", 5);
  await seedModel(rivulet, runId);
  await seedPrompt(rivulet);
  const traceId = await seedTrace(rivulet, false);
  const failedTraceId = await seedTrace(rivulet, true);
  const [baselineId = "", candidateId = ""] = await seedEvaluations(rivulet, traceId);
  await rivulet.flush();
  return {
    experimentId: experiment.id,
    runId,
    otherRunId,
    traceId,
    failedTraceId,
    baselineId,
    candidateId,
  };
}

async function seedRun(rivulet: Rivulet, name: string, depth: number): Promise<string> {
  const run = await rivulet.runs.start({
    experiment: "Iris classifiers",
    name,
    params: { depth, solver: "newton" },
    tags: { stage: "search" },
    userId: "anna",
  });
  for (let step = 1; step <= 20; step += 1) {
    run.logMetrics({ accuracy: 1 - 0.5 / step, loss: depth / step }, { step });
  }
  await run.logArtifact("confusion-matrix.json", {
    labels: [...SPECIES],
    matrix: [
      [50, 0, 0],
      [0, 46, 4],
      [0, 3, 47],
    ],
  });
  await run.logArtifact("notes.txt", "Trained on two thirds of the flowers.");
  await run.logArtifact("report.html", "<h1>Report</h1><script>top.stolen = 1</script>");
  const fold = await rivulet.runs.start({
    experiment: "Iris classifiers",
    name: `${name}, fold 1`,
    parentRunId: run.id,
  });
  await fold.finish();
  await run.finish();
  return run.id;
}

async function seedModel(rivulet: Rivulet, runId: string): Promise<void> {
  await rivulet.models.create({ name: "iris", description: "Names an iris by its leaves." });
  for (const description of ["First", "Deeper tree"]) {
    await rivulet.models.register({
      name: "iris",
      runId,
      artifactPath: "confusion-matrix.json",
      description,
      aliases: ["production"],
    });
  }
}

async function seedPrompt(rivulet: Rivulet): Promise<void> {
  const chat = (system: string): readonly ChatMessage[] => [
    { role: "system", content: system },
    { role: "user", content: "{{question}}" },
  ];
  await rivulet.prompts.register({
    name: "botanist",
    description: "Answers questions about flowers.",
    template: chat("You are a botanist.\nAnswer in one word."),
    config: { temperature: 0.2 },
    commitMessage: "First wording",
    aliases: ["production"],
  });
  await rivulet.prompts.register({
    name: "botanist",
    template: chat("You are a botanist.\nAnswer in one short sentence."),
    config: { temperature: 0 },
    commitMessage: "Whole sentences",
    aliases: ["staging"],
  });
}

async function seedTrace(rivulet: Rivulet, fails: boolean): Promise<string> {
  const question = "What has petals 5.1 cm long?";
  const root = rivulet.startSpan(fails ? "broken agent" : "flower agent", {
    type: "agent",
    input: { messages: [{ role: "user", content: question }] },
    sessionId: "session-7",
    userId: "ben",
    tags: { env: "test" },
    metadata: { region: "north" },
  });
  const call = { id: "call_1", name: "predict_species", arguments: { petalLength: 5.1 } };
  const model = rivulet.startSpan("chat gpt-4o-mini", {
    type: "chat_model",
    parent: root,
    model: "gpt-4o-mini",
    provider: "openai",
    input: { messages: [{ role: "user", content: question }] },
  });
  model.linkPrompt({ name: "botanist", version: 1, alias: "production" });
  model.setUsage({ inputTokens: 42, outputTokens: 8, totalTokens: 50 });
  model.setCost(0.0031);
  model.addEvent("first token", { index: 0 });
  model.end({ output: { messages: [{ role: "assistant", content: "", tool_calls: [call] }] } });
  const tool = rivulet.startSpan("predict_species", {
    type: "tool",
    parent: root,
    input: { petalLength: 5.1 },
  });
  tool.end(
    fails ? { error: new Error("No model has the alias production") } : { output: "virginica" },
  );
  const answer = "It is **Iris virginica**, see [the key](https://example.org/key).";
  root.end(
    fails
      ? { error: new Error("The tool failed") }
      : { output: { messages: [{ role: "assistant", content: answer }] } },
  );
  await rivulet.flush();
  return root.traceId;
}

async function seedEvaluations(rivulet: Rivulet, traceId: string): Promise<readonly string[]> {
  await rivulet.datasets.create({
    name: "flower questions",
    description: "What users asked.",
    records: SPECIES.flatMap((species, kind) =>
      [1, 2, 3, 4].map((length) => ({
        inputs: { question: `What has petals ${kind * 2 + length / 4} cm long?` },
        expectations: species,
      })),
    ),
  });
  await rivulet.datasets.addTraces("flower questions", { traceIds: [traceId] });
  const ids: string[] = [];
  for (const [name, answer] of [
    ["one word", () => "setosa"],
    ["sentence", (expected: unknown) => String(expected)],
  ] as const) {
    const result = await rivulet.evaluate<{ question: string }, string, string>({
      name,
      data: "flower questions@1",
      task: async ({ question }) => {
        if (name === "one word" && question.includes("4.25")) throw new Error("The model is away");
        return answer(speciesOf(question));
      },
      scorers: [
        function correct({ output, expectations }) {
          return output === expectations;
        },
        function brief({ output }) {
          return { value: output.length < 10, rationale: `${output.length} letters` };
        },
      ],
    });
    ids.push(result.id);
  }
  return ids;
}

function speciesOf(question: string): string {
  const length = Number(/petals ([\d.]+)/.exec(question)?.[1]);
  return SPECIES[Math.floor((length - 0.01) / 2)] ?? "virginica";
}
