import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createRivulet,
  type EvaluationResult,
  type Rivulet,
  type RivuletOptions,
  type ScorerResult,
} from "@rivulet/core";
import { onTestFinished } from "vitest";

/** When the clock of the tests stands. */
export const NOON = 1_790_000_000_000;

/** A client on a fresh SQLite file, closed and removed after the test. */
export async function aClient(
  options: RivuletOptions = {},
): Promise<{ readonly rivulet: Rivulet; readonly errors: readonly Error[] }> {
  const folder = await mkdtemp(join(tmpdir(), "rivulet-evaluation-"));
  const errors: Error[] = [];
  const rivulet = createRivulet({
    store: `sqlite:${join(folder, "test.db")}`,
    clock: () => NOON,
    onError: (error) => errors.push(error),
    ...options,
  });
  onTestFinished(async () => {
    await rivulet.close();
    await rm(folder, { recursive: true, force: true });
  });
  return { rivulet, errors };
}

/**
 * An evaluation whose scorer `score` gives these results, one list per row and one entry per trial.
 * Rows are called `r0`, `r1` …
 */
export function evaluateScores(
  rivulet: Rivulet,
  results: readonly (readonly ScorerResult[])[],
): Promise<EvaluationResult> {
  return rivulet.evaluate({
    name: "given scores",
    data: results.map((_, row) => ({ id: `r${row}`, inputs: row })),
    task: (row, { trial }) => results[row]?.[trial] ?? null,
    scorers: [
      Object.assign(({ output }: { output: ScorerResult }) => output, { scoreName: "score" }),
    ],
    trials: results[0]?.length ?? 1,
  });
}

/** One trial per row. */
export function rowsOf(values: readonly ScorerResult[]): readonly (readonly ScorerResult[])[] {
  return values.map((value) => [value]);
}
