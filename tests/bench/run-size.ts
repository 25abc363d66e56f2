import { DatabaseSync } from "node:sqlite";
import { openBenchClient } from "./client.ts";
import { atMost, type Figure } from "./figure.ts";

const RUNS = 2_000;
const METRICS = [
  "train_loss",
  "val_loss",
  "train_accuracy",
  "val_accuracy",
  "f1_score",
  "precision",
  "recall",
  "auc",
  "epoch_time",
  "grad_norm",
];

function paramsOf(n: number): Record<string, string | number> {
  return {
    learning_rate: (1 + (n % 50)) / 10_000,
    batch_size: 16 << (n % 4),
    optimizer: ["adam", "sgd", "adamw"][n % 3] ?? "",
    dropout: (n % 6) / 10,
    hidden_units: 64 * (1 + (n % 8)),
    num_layers: 1 + (n % 6),
    weight_decay: 0.0001,
    seed: n,
    max_epochs: 20,
    scheduler: "cosine",
  };
}

/** Bytes of a file for one run of ten params and ten metrics, with its indexes, as recording leaves them. */
export async function bytesPerRun(): Promise<Figure> {
  await using client = await openBenchClient();
  const { rivulet, file } = client;
  const { id: experimentId } = await rivulet.experiments.create({ name: "sweep" });
  for (let n = 0; n < RUNS; n += 1) {
    const run = await rivulet.runs.start({ experimentId, params: paramsOf(n) });
    run.logMetrics(Object.fromEntries(METRICS.map((key) => [key, Math.random()])));
    await run.finish();
  }
  await rivulet.flush();
  using database = new DatabaseSync(file, { readOnly: true });
  const rows = database
    .prepare(`SELECT SUM(d.pgsize) AS bytes FROM dbstat d JOIN sqlite_schema s ON s.name = d.name
      WHERE s.tbl_name IN ('runs', 'run_owners', 'run_keys', 'params', 'metrics', 'points')`)
    .all();
  const value = Number(rows[0]?.["bytes"]) / RUNS;
  return atMost(2_048, "store: bytes per run of 10 params and 10 metrics", {
    value,
    unit: "B",
    detail: `${RUNS} runs, and their indexes`,
  });
}
